/* SPDX-License-Identifier: GPL-2.0 */
/* Steps that move data: through a pipe or a socket, or from and to a file. */
#ifndef EBTOP_FOLLOW_MOVE_BPF_H
#define EBTOP_FOLLOW_MOVE_BPF_H

#include "follow-request.bpf.h"
#include "message.bpf.h"

static __always_inline void send_file(struct task_struct *task, struct followed_process *process, struct identity *identity,
				      __u64 bytes, __u64 position, __u32 kind)
{
	struct wire_step *step = next_step(task, process, kind);

	if (!step)
		return;
	step->object = identity->ino;
	step->dev = identity->dev;
	step->gen = identity->gen;
	step->position = position;
	step->bytes = bytes;
	ring_submit(step);
}

__weak __noinline int file_moved(__u64 address, __u64 bytes, __u32 kind)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct followed_process *process;
	struct follow_thread *thread;
	struct identity identity;

	process = open_daemon(task, &thread);
	if (!process || thread->tag == FOLLOW_OTHERS)
		return 0;
	identify((struct file *)address, &identity, false);
	if ((identity.mode & S_IFMT) == S_IFREG)
		send_file(task, process, &identity, bytes, 0, kind);
	return 0;
}

/* Whoever adds to an eventfd that a daemon has read may have worked for that daemon. */
__weak __noinline int counter_moved(__u64 address, __u64 buffer, __u32 kind)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 key = peek_address(struct file, (struct file *)address, private_data), value = 0;
	struct followed_process *process = followed_of(task);
	struct follow_stream *counter;
	struct follow_thread *thread;
	struct identity identity;

	counter = find_stream(key, 0);
	if (!process) {
		if (kind == WIRE_STEP_COUNTER_READ || !counter || is_named(task->tgid))
			return 0;
		process = involve();
		if (!process)
			return 0;
	}
	if (kind == WIRE_STEP_COUNTER_WRITE && counter && counter->written > process->open_until)
		process->open_until = counter->written;
	thread = is_open(process) ? thread_of(task) : NULL;
	if (!thread)
		return 0;
	if (thread->is_announced) {
		thread->is_announced = false;
		return 0;
	}
	identify((struct file *)address, &identity, false);
	if (identity.gen != EVENTFD_GENERATION)
		return 0;
	if (kind == WIRE_STEP_COUNTER_READ) {
		thread->tag = FOLLOW_UNKNOWN;
		thread->is_quiet = false;
		thread->heard = 0;
		if (!counter)
			counter = make_stream(key, 0, false, 0);
		if (counter)
			counter->written = process->open_until;
	}
	bpf_probe_read_user(&value, sizeof(value), (void *)buffer);
	send_file(task, process, &identity, sizeof(value), value, kind);
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
	__u16 format;

	if (!file || !bytes)
		return 0;
	format = file_format(file);
	if (format == S_IFREG)
		file_moved((__u64)file, bytes, is_write ? WIRE_STEP_FILE_WRITE : WIRE_STEP_FILE_READ);
	else if (!format)
		counter_moved((__u64)file, buffer, is_write ? WIRE_STEP_COUNTER_WRITE : WIRE_STEP_COUNTER_READ);
	else if (follow_file(&end, file))
		stream_moved(&end, bytes);
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
