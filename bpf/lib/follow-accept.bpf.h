/* SPDX-License-Identifier: GPL-2.0 */
/* The step of accepting a connection: the command's, or another client's. */
#ifndef EBTOP_FOLLOW_ACCEPT_BPF_H
#define EBTOP_FOLLOW_ACCEPT_BPF_H

#include "client.bpf.h"
#include "follow-step.bpf.h"
#include "follow-stream.bpf.h"

#define FOLLOW_O_NONBLOCK 04000

/* Whether the process that connected belongs to the command; then `end` has the stream from it. */
static __always_inline bool is_our_client(struct follow_end *end, struct sock *sk)
{
	struct task_struct *client;
	struct follow_stream *stream;
	__u32 pid;

	if (end->is_tcp) {
		stream = stream_of(end);
		return stream && stream->is_ours;
	}
	client = client_of(sk, (struct sock *)end->stream);
	if (!client)
		return false;
	pid = peek(struct task_struct, client, tgid);
	return is_of_command(pid);
}

/* A thread that does not wait in accept() may have read requests before that were not reported, and may answer them
 * together. A goroutine waits there, although its thread does not. */
static __always_inline bool may_serve_others(struct task_struct *task, __u32 listener)
{
	struct file *file = file_of(task, listener);

	return file && !is_goroutine(actor_of()) && (peek(struct file, file, f_flags) & FOLLOW_O_NONBLOCK || is_polled(file));
}

__weak __noinline int follow_accepted(__u32 fd, __u32 listener)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct file *file = file_of(task, fd);
	struct follow_end end = {};
	struct followed_process *process;
	struct follow_thread *thread;
	struct wire_step *step;
	bool is_ours, is_shared = false;
	__u64 sk;

	if (!file)
		return 0;
	sk = sock_of_file(file);
	if (!sk || !follow_socket(&end, sk))
		return 0;
	is_ours = is_our_client(&end, (struct sock *)sk);
	process = followed_of(task);
	if (!process) {
		if (!is_ours || is_named(task->tgid))
			return 0;
		process = involve();
		is_shared = may_serve_others(task, listener);
	}
	if (!process || (!is_ours && !is_open(process)))
		return 0;
	thread = thread_of(task);
	if (!thread)
		return 0;
	thread->tag = is_ours ? FOLLOW_OURS : FOLLOW_OTHERS;
	thread->is_quiet = false;
	if (is_ours)
		process->open_until = bpf_ktime_get_boot_ns() + FOLLOW_OPEN_NS;
	step = next_step(task, process, WIRE_STEP_ACCEPT);
	if (!step)
		return 0;
	step->flags = WIRE_STEP_ACCEPTED | (end.is_tcp ? WIRE_STEP_TCP : 0);
	step->open = thread->open > 0 ? thread->open : is_shared;
	step->object = is_ours ? end.stream : 0;
	step->socket = end.sk;
	ring_submit(step);
	return 0;
}

#endif
