/* SPDX-License-Identifier: GPL-2.0 */
/* Which calls ebtop_follow has to see. Every call of the machine is asked while something is followed, and few are. */
#ifndef EBTOP_FOLLOW_FILTER_BPF_H
#define EBTOP_FOLLOW_FILTER_BPF_H

#include "calls.bpf.h"
#include "file.bpf.h"
#include "follow-stream.bpf.h"

/* The key of the stream over a socket in that direction, if it is a stream socket. */
static __always_inline __u64 stream_of_socket(__u64 address, bool is_write)
{
	struct sock *sk = (void *)address;

	if (peek(struct sock, sk, __sk_common.skc_family) == AF_UNIX)
		return is_write ? address : peek_address(struct unix_sock, sk, peer);
	return tcp_stream(address, is_write);
}

/* Whether bytes that go through the descriptor may be from or for somebody who is followed: one bit says so. */
static __always_inline bool is_known_descriptor(struct task_struct *task, __u32 fd, bool is_write)
{
	struct file *file = file_of(task, fd);
	__u64 stream = 0;

	if (!file)
		return false;
	switch (file_format(file)) {
	case S_IFSOCK:
		stream = sock_of_file(file);
		if (stream)
			stream = stream_of_socket(stream, is_write);
		break;
	case S_IFIFO:
		stream = peek_address(struct file, file, f_inode);
		break;
	case 0: /* perhaps an eventfd */
		stream = peek_address(struct file, file, private_data);
		break;
	}
	return stream && is_known_stream(stream);
}

#define FOLLOW_CLASS(name) (1ull << CALL_##name)
#define FOLLOW_READING (FOLLOW_CLASS(READ) | FOLLOW_CLASS(RECEIVE) | FOLLOW_CLASS(RECEIVE_MESSAGE))
#define FOLLOW_WRITING (FOLLOW_CLASS(WRITE) | FOLLOW_CLASS(SEND) | FOLLOW_CLASS(SEND_MESSAGE))
#define FOLLOW_BY_ANYBODY (FOLLOW_CLASS(NEW) | FOLLOW_CLASS(SENDFILE) | FOLLOW_CLASS(SPLICE))
#define FOLLOW_BY_MARKED \
	(FOLLOW_READING | FOLLOW_WRITING | FOLLOW_BY_ANYBODY | FOLLOW_CLASS(OPEN) | FOLLOW_CLASS(SYSV) | FOLLOW_CLASS(OTHER))

/* Without a call: where the kernel guards returns against speculation, each takes some 20 ns (AMD's SRSO). */
static __always_inline bool may_be_step(struct task_struct *task, struct pt_regs *regs)
{
	long nr = call_number(regs);
	__u64 class = 1ull << class_of(WIRE_ABI_NATIVE, nr);

	if (nr < 0 || is_compat_call(task))
		return false;
	if (is_marked(own(struct task_struct, task, tgid)))
		return class & FOLLOW_BY_MARKED;
	if (class & (FOLLOW_READING | FOLLOW_WRITING))
		return call_result(regs) >= 0 && is_known_descriptor(task, native_argument(regs, 0), class & FOLLOW_WRITING);
	return class & FOLLOW_BY_ANYBODY && call_result(regs) >= 0;
}

#endif
