/* SPDX-License-Identifier: GPL-2.0 */
/* Requests and replies: deduces from transferred bytes for whom a thread works. */
#ifndef EBTOP_FOLLOW_REQUEST_BPF_H
#define EBTOP_FOLLOW_REQUEST_BPF_H

#include "follow-message.bpf.h"
#include "follow-step.bpf.h"

static __always_inline void send_move(struct task_struct *task, struct followed_process *process, struct follow_end *end,
				      struct follow_stream *stream, __u64 position, __u64 bytes, __u32 open)
{
	struct wire_step *step = next_step(task, process, end->is_write ? WIRE_STEP_WRITE : WIRE_STEP_READ);

	if (!step)
		return;
	step->mark = mark_of(end, bytes);
	step->flags = (end->is_accepted ? WIRE_STEP_ACCEPTED : 0) | (end->is_tcp ? WIRE_STEP_TCP : 0) |
		      (stream && !end->is_tcp && stream->votes < FOLLOW_SURE ? WIRE_STEP_UNSURE : 0) |
		      (end->is_ours_open ? WIRE_STEP_OURS_OPEN : 0) | (end->is_alone ? WIRE_STEP_ALONE : 0);
	step->open = open;
	step->object = stream || end->is_tcp ? end->stream : 0;
	step->socket = end->sk;
	step->position = position;
	step->bytes = bytes;
	step->serial = end->message.serial;
	step->reply_serial = end->message.reply_serial;
	step->sender = end->message.sender;
	step->destination = end->message.destination;
	ring_submit(step);
}

/* A process that reads bytes written by the command or its descendants is followed from then on. */
static __always_inline void command_transferred(struct task_struct *task, struct follow_end *end, __u64 bytes)
{
	struct follow_stream *stream = stream_of(end);

	if (!stream) {
		__u64 ino = end->own_ino;

		if (!end->is_write || (ino && bpf_map_lookup_elem(&follow_inherited, &ino)))
			return;
		stream = add_stream(end, true, bytes);
		if (!stream)
			return;
	}
	if (end->is_write) {
		stream->is_ours = true;
		note_message(end);
	}
	send_move(task, NULL, end, stream, move_on(end, stream, bytes), bytes, 0);
}

/* A request came over a connection. Returns how many other requests the thread has read that are not answered. Of those
 * from before it was followed, nothing is known: but a thread that polls its connections may have some. */
static __always_inline __u32 ask(struct task_struct *task, struct followed_process *process, struct follow_thread *thread,
				 struct follow_end *end, bool is_ours)
{
	__u64 sk = end->sk;
	struct follow_request *known = bpf_map_lookup_elem(&follow_requests, &sk);
	struct follow_request request = {.thread = end->actor, .pid = task->tgid, .is_ours = is_ours};
	__s32 open;

	if (known && known->pid == task->tgid) {
		open = thread->open - (known->thread == request.thread);
	} else {
		keep_newest(&follow_requests, &sk, &request, TABLE_FOLLOW_REQUEST);
		open = __sync_fetch_and_add(&thread->open, 1);
		if (is_ours) {
			__sync_fetch_and_add(&process->requests, 1);
			__sync_fetch_and_add(&thread->ours, 1);
		}
	}
	return open > 0 ? open : thread->is_fresh && end->is_polled;
}

/* True if the answered request was another client's. */
static __always_inline bool answer(struct followed_process *process, struct follow_end *end)
{
	__u64 sk = end->sk;
	struct follow_request *known = bpf_map_lookup_elem(&follow_requests, &sk);
	struct follow_thread *reader;
	bool is_ours;
	__u64 key;

	if (!known)
		return false;
	key = known->thread;
	is_ours = known->is_ours;
	if (!remove_kept(&follow_requests, &sk, TABLE_FOLLOW_REQUEST))
		return !is_ours;
	reader = bpf_map_lookup_elem(&follow_threads, &key);
	if (reader) {
		/* A busy worker never waits; but it answers what it has read before it reads more. */
		if (__sync_fetch_and_add(&reader->open, -1) == 1 && key == end->actor)
			reader->is_fresh = false;
		if (is_ours)
			__sync_fetch_and_add(&reader->ours, -1);
	}
	if (is_ours && __sync_fetch_and_add(&process->requests, -1) <= 1)
		process->open_until = end->now + FOLLOW_LINGER_NS;
	return !is_ours;
}

/* A bus reads on before it passes on: its threads work for no connection in particular. */
static __always_inline void bus_moved(struct task_struct *task, struct followed_process *process, struct follow_thread *thread,
				      struct follow_end *end, __u64 bytes)
{
	struct follow_stream *stream = stream_of(end);
	__u64 position;

	thread->tag = FOLLOW_UNKNOWN;
	if (end->is_write && is_open_at(process, end->now) && end->message.serial && is_noted(end)) {
		forget_message(end);
		if (!stream)
			stream = add_stream(end, true, bytes);
		if (stream)
			stream->is_ours = true;
	}
	position = move_on(end, stream, bytes);
	if (!end->is_write && stream && stream->is_ours)
		process->open_until = end->now + FOLLOW_OPEN_NS;
	if (is_open_at(process, end->now))
		send_move(task, process, end, stream, position, bytes, 0);
}

static __always_inline void daemon_read(struct task_struct *task, struct followed_process *process,
					struct follow_thread *thread, struct follow_end *end, __u64 bytes)
{
	struct follow_stream *stream = stream_of(end);
	__u64 position = move_on(end, stream, bytes);
	bool is_ours = stream && stream->is_ours;
	__u32 open = 0;

	if (end->is_accepted) {
		open = ask(task, process, thread, end, is_ours);
		end->is_alone = !thread->has_read;
		thread->has_read = true;
	}
	thread->heard = end->is_accepted && !is_ours ? end->sk : 0;
	if (is_ours) {
		process->open_until = end->now + FOLLOW_OPEN_NS;
		thread->tag = FOLLOW_OURS;
		thread->is_quiet = false;
	} else {
		bool is_for_others = end->is_accepted && thread->ours <= 0, was_told = thread->is_quiet;

		end->is_ours_open = end->is_accepted && thread->ours > 0;
		thread->tag = is_for_others ? FOLLOW_OTHERS : FOLLOW_UNKNOWN;
		thread->is_quiet = is_for_others && is_open_at(process, end->now);
		if (!is_open_at(process, end->now) || (was_told && end->is_accepted))
			return;
	}
	send_move(task, process, end, stream, position, bytes, open);
}

/* A thread that replies to the command with what it read last: so that came from a backend, to which it may have passed on the
 * request, and will pass on the next ones. */
static __always_inline void learn_backend(struct follow_thread *thread, struct follow_end *reply)
{
	__u64 sk = reply->sk, heard = thread->heard;
	struct follow_request *known = bpf_map_lookup_elem(&follow_requests, &sk);
	struct follow_end end = {.is_write = true};

	thread->heard = 0;
	if (known && known->is_ours && heard != sk && follow_socket(&end, heard) && !end.is_tcp && !stream_of(&end))
		add_stream(&end, true, 0);
}

static __always_inline void daemon_wrote(struct task_struct *task, struct followed_process *process,
					 struct follow_thread *thread, struct follow_end *end, __u64 bytes)
{
	struct follow_stream *stream = stream_of(end);
	bool is_for_others = thread->tag == FOLLOW_OTHERS, was_open = is_open_at(process, end->now), is_ours, is_answer;
	__u64 position;

	if (was_open && !end->is_accepted)
		note_message(end);
	if (was_open && end->is_accepted && thread->heard)
		learn_backend(thread, end);
	is_ours = was_open && (end->is_accepted ? thread->tag == FOLLOW_OURS : !is_for_others);
	is_answer = end->is_accepted && answer(process, end); /* to another client */
	is_ours &= !is_answer;
	if (!stream && was_open && !is_for_others && !is_answer)
		stream = add_stream(end, is_ours, bytes);
	if (stream && is_ours)
		stream->is_ours = true;
	position = move_on(end, stream, bytes);
	if (was_open && (!is_for_others || !thread->is_quiet || (!end->is_accepted && stream)))
		send_move(task, process, end, stream, position, bytes, 0);
}

/* Called for most system calls of a busy machine, and returns at once for most. */
__weak __noinline int stream_moved(struct follow_end *end, __u64 bytes)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct followed_process *process;
	struct follow_thread *thread;
	struct follow_stream *stream;

	if (!end)
		return 0;
	process = followed_of(task);
	if (!process) {
		if (is_named(task->tgid)) {
			command_transferred(task, end, bytes);
			return 0;
		}
		stream = stream_of(end);
		if (!stream)
			return 0;
		if (end->is_write || !stream->is_ours) {
			if (!end->is_tcp)
				move_on(end, stream, bytes);
			return 0;
		}
		process = involve();
		if (!process)
			return 0;
	}
	end->actor = own_key(task);
	end->now = bpf_ktime_get_boot_ns();
	thread = thread_by_key(end->actor);
	if (!thread)
		return 0;
	if (end->is_tcp)
		end->is_accepted = is_tcp_accepted((struct sock *)end->sk);
	if (end->is_write && end->is_accepted && is_open_at(process, end->now)) {
		read_message(end);
		if (end->message.sender)
			process->is_bus = true;
	}
	if (process->is_bus && end->is_accepted)
		bus_moved(task, process, thread, end, bytes);
	else if (end->is_write)
		daemon_wrote(task, process, thread, end, bytes);
	else
		daemon_read(task, process, thread, end, bytes);
	return 0;
}

#endif
