/* SPDX-License-Identifier: GPL-2.0 */
/* --pid and --comm: whether a file of an unwanted process is the other end of a channel that a wanted process has. User
 * space provides the keys, from the objects that were announced to it. */
#ifndef EBTOP_OTHER_END_BPF_H
#define EBTOP_OTHER_END_BPF_H

#include "object.bpf.h"
#include "tables.h"

struct channel_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, __u8);
};
extern struct channel_map channels SEC(".maps");

static __always_inline bool is_channel(__u64 key)
{
	return bpf_map_lookup_elem(&channels, &key) != NULL;
}

/* A datagram socket may also send to one of a wanted process, or receive from one by name. */
static __always_inline bool is_datagram_end(struct sock *sk)
{
	__u16 family = peek(struct sock, sk, __sk_common.skc_family);

	if (family == AF_INET || family == AF_INET6)
		return is_channel(CHANNEL_UDP);
	if (family != AF_UNIX)
		return false;
	if (is_channel((__u64)peek(struct unix_sock, sk, peer)))
		return true;
	return peek(struct unix_sock, sk, addr) && is_channel(CHANNEL_UNIX_NAMES);
}

static __always_inline bool is_socket_end(struct file *file)
{
	struct sock *sk = sock_of(file);

	if (!sk)
		return false;
	if (peek(struct sock, sk, sk_protocol) == IPPROTO_TCP)
		return is_channel(CHANNEL_TCP(tcp_cookie(sk)));
	return is_channel((__u64)sk) || (peek(struct sock, sk, sk_type) == SOCK_DGRAM && is_datagram_end(sk));
}

static __always_inline bool is_identified_channel(struct file *file)
{
	struct identity identity;

	identify(as_number(file), &identity, false);
	return is_channel(CHANNEL_KEY(identity.dev, identity.ino, identity.gen));
}

static __always_inline bool is_other_end(struct file *file)
{
	struct inode *inode = peek(struct file, file, f_inode);
	struct super_block *sb;
	unsigned long magic;

	switch (peek(struct inode, inode, i_mode) & S_IFMT) {
	case S_IFSOCK:
		return is_socket_end(file);
	case S_IFREG: /* most files: those on disk are not channels */
		sb = peek(struct inode, inode, i_sb);
		magic = peek(struct super_block, sb, s_magic);
		return (magic == TMPFS_MAGIC || magic == HUGETLBFS_MAGIC || magic == MQUEUE_MAGIC) &&
		       is_identified_channel(file);
	case S_IFCHR:
		return is_terminal(peek(struct inode, inode, i_rdev)) &&
		       is_channel(CHANNEL_TERMINAL(terminal_number((__u64)as_number(file), false)));
	case S_IFIFO:
	case 0:
		return is_identified_channel(file);
	default:
		return false;
	}
}

#endif
