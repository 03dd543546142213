/* SPDX-License-Identifier: GPL-2.0 */
/* What a struct wire_object says about a socket: both ends, addresses, name. */
#ifndef EBTOP_SOCKET_BPF_H
#define EBTOP_SOCKET_BPF_H

#include "kernel.bpf.h"

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_SEQPACKET 5
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_MPTCP 262

static __always_inline __u8 socket_kind(__u16 family, __u16 type, __u16 protocol)
{
	if (family == AF_UNIX)
		return type == SOCK_STREAM  ? WIRE_KIND_UNIX_STREAM
		       : type == SOCK_DGRAM ? WIRE_KIND_UNIX_DGRAM
					    : WIRE_KIND_UNIX_SEQPACKET;
	if (family == AF_INET || family == AF_INET6) {
		if (type == SOCK_STREAM && (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP))
			return WIRE_KIND_TCP;
		if (type == SOCK_DGRAM && protocol == IPPROTO_UDP)
			return WIRE_KIND_UDP;
	}
	return WIRE_KIND_SOCKET;
}

/* An IPv4-mapped address: ::ffff:a.b.c.d */
static __always_inline bool is_v4_mapped(const __u8 *address)
{
	return *(__u64 *)address == 0 && *(__u32 *)(address + 8) == 0xffff0000;
}

/* Writes an IPv6 address pair, or the IPv4 pair that it maps. */
static __always_inline void fill_v6(struct wire_object *record, struct sock *sk)
{
	__u8 local[16], remote[16];

	bpf_core_read(local, sizeof(local), &sk->__sk_common.skc_v6_rcv_saddr);
	bpf_core_read(remote, sizeof(remote), &sk->__sk_common.skc_v6_daddr);
	if (is_v4_mapped(remote) || (is_v4_mapped(local) && *(__u64 *)remote == 0 && *(__u64 *)(remote + 8) == 0)) {
		record->family = AF_INET;
		__builtin_memcpy(record->local, local + 12, 4);
		__builtin_memcpy(record->remote, remote + 12, 4);
		return;
	}
	__builtin_memcpy(record->local, local, sizeof(local));
	__builtin_memcpy(record->remote, remote, sizeof(remote));
}

static __always_inline void fill_inet(struct wire_object *record, struct sock *sk)
{
	record->local_port = peek(struct sock, sk, __sk_common.skc_num);
	record->remote_port = bpf_ntohs(peek(struct sock, sk, __sk_common.skc_dport));
	if (record->family == AF_INET6) {
		fill_v6(record, sk);
		return;
	}
	*(__u32 *)record->local = peek(struct sock, sk, __sk_common.skc_rcv_saddr);
	*(__u32 *)record->remote = peek(struct sock, sk, __sk_common.skc_daddr);
}

/* A socket of multipath TCP carries its bytes by TCP sockets, and it is those that state changes and passes tell of: the first
 * of them, if it has one already. Other sockets are their own. */
static __always_inline struct sock *transport_of(struct sock *sk)
{
	struct sock *first;

	if (!bpf_core_field_exists(struct mptcp_sock, first) || !sk || peek(struct sock, sk, sk_protocol) != IPPROTO_MPTCP)
		return sk;
	first = peek(struct mptcp_sock, (struct mptcp_sock *)sk, first);
	return first ?: sk;
}

/* Of a socket's file; NULL if it is not made yet. */
static __always_inline struct sock *sock_of(struct file *file)
{
	struct socket *socket = peek(struct file, file, private_data);

	return transport_of(peek(struct socket, socket, sk));
}

/* Between connect() and accept() the other end has no inode yet: it is identified by its struct sock. */
static __always_inline __u64 socket_inode(struct sock *sk)
{
	__u64 socket = peek_address(struct sock, sk, sk_socket);

	if (!socket)
		return 0;
	return socket - bpf_core_field_offset(struct socket_alloc, socket) +
	       bpf_core_field_offset(struct socket_alloc, vfs_inode);
}

static __always_inline __u64 socket_ino(struct sock *sk)
{
	__u64 inode = socket_inode(sk);

	return inode ? peek(struct inode, (void *)inode, i_ino) : 0;
}

/* Copies the name of a bound unix socket; abstract names begin with a NUL byte. Returns its length. */
static __always_inline __u32 unix_name(char *to, struct sock *sk)
{
	struct unix_address *address = peek(struct unix_sock, sk, addr);
	__u32 len;
	char first = 0;

	if (!address)
		return 0;
	len = peek(struct unix_address, address, len) - sizeof(((struct sockaddr_un *)0)->sun_family);
	if (len == 0)
		return 0;
	barrier_var(len); /* or clang merges both tests into one that 6.12's verifier does not follow */
	if (len > sizeof(((struct sockaddr_un *)0)->sun_path))
		return 0;
	bpf_probe_read_kernel(to, len, (void *)address + bpf_core_field_offset(struct unix_address, name) + 2);
	bpf_probe_read_kernel(&first, 1, to);
	return first ? len - 1 : len; /* for a path len includes the NUL at its end */
}

/* What the old form has for a cookie: numbers of its own, by address. A socket that gets the address of another one has
 * another inode, or is the copy of a listener (forget_socket()). */
struct socket_number {
	__u64 number;
	__u64 ino; /* 0 before accept() */
};
struct socket_number_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct socket_number);
};
extern struct socket_number_map socket_numbers SEC(".maps");
extern __u64 last_birth;

/* Global, so that its stack is its own. */
__weak __noinline __u64 socket_number(__u64 address)
{
	struct socket_number *known = bpf_map_lookup_elem(&socket_numbers, &address);
	struct socket_number made = {.ino = socket_ino((struct sock *)address)};

	if (known && (known->ino == made.ino || !known->ino || !made.ino)) {
		if (!known->ino)
			known->ino = made.ino;
		return known->number;
	}
	made.number = next_number(&last_birth);
	bpf_map_update_elem(&socket_numbers, &address, &made, BPF_ANY);
	return made.number;
}

static __always_inline void forget_socket(struct sock *sk)
{
	__u64 address = (__u64)as_number(sk);

	bpf_map_delete_elem(&socket_numbers, &address);
}

/* For what is at the limit of nested calls and their stack: makes no number. */
static __always_inline __u64 known_socket_number(__u64 address)
{
	struct socket_number *known = bpf_map_lookup_elem(&socket_numbers, &address);

	return known ? known->number : 0;
}

/* As socket_cookie(), but 0 before the socket's first change of state or the first pass that reads it. */
static __always_inline __u64 tcp_cookie(struct sock *sk)
{
	return by_form(known_socket_number((__u64)sk), peek(struct sock, sk, __sk_common.skc_cookie.counter));
}

static __always_inline void fill_socket(struct wire_object *record, struct sock *sk)
{
	record->sock = (__u64)sk;
	record->family = peek(struct sock, sk, __sk_common.skc_family);
	record->state = peek(struct sock, sk, __sk_common.skc_state);
	record->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	record->kind = socket_kind(record->family, peek(struct sock, sk, sk_type), peek(struct sock, sk, sk_protocol));
	if (record->family == AF_UNIX) {
		struct sock *peer = peek(struct unix_sock, sk, peer);

		record->peer = (__u64)peer;
		if (peer)
			record->peer_ino = socket_ino(peer);
	} else if (record->family == AF_INET || record->family == AF_INET6) {
		if (record->kind == WIRE_KIND_TCP)
			record->sock = tcp_cookie(sk);
		fill_inet(record, sk);
	}
}

#endif
