/* SPDX-License-Identifier: GPL-2.0 */
/* Steps that move data: through a pipe or a socket, or from and to a file. */
#ifndef EBTOP_FOLLOW_MOVE_BPF_H
#define EBTOP_FOLLOW_MOVE_BPF_H

#include "follow-request.bpf.h"
#include "message.bpf.h"

__weak __noinline int file_moved(__u64 address, __u64 bytes, __u32 kind)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct followed_process *process;
	struct follow_thread *thread;
	struct identity identity;
	struct wire_step *step;

	process = open_daemon(task, &thread);
	if (!process)
		return 0;
	identify((struct file *)address, &identity, false);
	if ((identity.mode & S_IFMT) == S_IFREG) {
		if (thread->tag == FOLLOW_OTHERS)
			return 0;
	} else {
		if (identity.gen != EVENTFD_GENERATION || kind == WIRE_STEP_OPEN)
			return 0;
		kind = kind == WIRE_STEP_FILE_READ ? WIRE_STEP_COUNTER_READ : WIRE_STEP_COUNTER_WRITE;
		if (kind == WIRE_STEP_COUNTER_READ) {
			thread->tag = FOLLOW_UNKNOWN;
			thread->is_quiet = false;
		}
	}
	step = next_step(task, process, kind);
	if (!step)
		return 0;
	step->object = identity.ino;
	step->dev = identity.dev;
	step->gen = identity.gen;
	step->bytes = bytes;
	ring_submit(step);
	return 0;
}

enum follow_direction {
	FOLLOW_IN,
	FOLLOW_OUT,
	FOLLOW_VECTOR = 2, /* besides */
};

__weak __noinline int follow_transfer(__u32 fd, __u64 bytes, __u32 direction, __u64 buffer)
{
	struct file *file = file_of(bpf_get_current_task_btf(), fd);
	bool is_write = direction & FOLLOW_OUT;
	struct follow_end end = {.is_write = is_write, .buffer = buffer, .is_vector = direction & FOLLOW_VECTOR};
	struct inode *inode;
	__u64 address;
	__u16 format;

	if (!file || !bytes)
		return 0;
	address = peek_address(struct file, file, f_inode);
	inode = (void *)address;
	format = peek(struct inode, inode, i_mode) & S_IFMT;
	if (format == S_IFSOCK) {
		__u64 sk = sock_of_file(file);

		end.is_polled = is_polled(file);
		if (sk && follow_socket(&end, sk))
			stream_moved(&end, bytes);
	} else if (format == S_IFIFO) {
		struct pipe_inode_info *pipe = peek(struct inode, inode, i_pipe);

		end.ino = end.own_ino = peek(struct inode, inode, i_ino);
		end.stream = address;
		end.has_backlog = BPF_CORE_READ(pipe, head) - BPF_CORE_READ(pipe, tail) > is_write;
		stream_moved(&end, bytes);
	} else if (format == S_IFREG || !format) {
		file_moved((__u64)file, bytes, is_write ? WIRE_STEP_FILE_WRITE : WIRE_STEP_FILE_READ);
	}
	return 0;
}

static __always_inline void follow_opened(__u32 fd)
{
	struct file *file = file_of(bpf_get_current_task_btf(), fd);

	if (file)
		file_moved((__u64)file, 0, WIRE_STEP_OPEN);
}

/* Where the call's bytes are in user memory. */
static __always_inline __u32 find_buffer(struct pt_regs *regs, long nr, __u64 *buffer)
{
	*buffer = native_argument(regs, 1);
	if (nr == NR_READV || nr == NR_WRITEV)
		return FOLLOW_VECTOR;
	if (nr != NR_SENDMSG && nr != NR_RECVMSG)
		return 0;
	if (bpf_probe_read_user(buffer, sizeof(*buffer), (void *)*buffer + __builtin_offsetof(struct message_header, pieces)))
		*buffer = 0;
	return FOLLOW_VECTOR;
}

#endif
