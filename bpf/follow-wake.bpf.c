// SPDX-License-Identifier: GPL-2.0
// Wake-ups by the command and by daemons. At sched_waking the waker is still in its call, and the sleeper has not gone on: what
// is noted here is known before the sleeper does anything.
#include "lib/calls.bpf.h"
#include "lib/follow-futex.bpf.h"
#include "lib/follow-move.bpf.h"
#include "lib/waker.bpf.h"

/* The stream that the waker is writing to, for the sleeper's read. */
static __always_inline void follow_written(struct followed_process *process, struct file *file, struct pt_regs *regs)
{
	struct follow_end end = {.is_write = true};
	struct follow_stream *stream;
	bool is_bus = process && process->is_bus;
	__u64 own_ino;

	if (!follow_file(&end, file) || end.is_tcp)
		return;
	end.is_vector = find_buffer(regs, call_number(regs), &end.buffer);
	if (!end.is_accepted)
		note_message(&end);
	else if (is_bus)
		read_message(&end);
	stream = stream_of(&end);
	own_ino = end.own_ino;
	if (is_bus && end.is_accepted && !(end.message.serial && is_noted(&end)))
		return;
	if (stream) {
		stream->is_ours |= is_bus && end.is_accepted;
		return;
	}
	if (process ? end.is_accepted && !is_bus : own_ino && bpf_map_lookup_elem(&follow_inherited, &own_ino) != NULL)
		return;
	stream = add_stream(&end, true, end.is_vector ? 0 : native_argument(regs, 2));
	/* Nothing else is in transit: the sleeper's count may be ahead until the waker's call ends. */
	if (stream && stream->votes)
		stream->votes = FOLLOW_MOST_VOTES;
}

/* The reader of an eventfd goes on, perhaps before the call that added to it ends. */
static __always_inline void follow_announced(struct follow_thread *thread, struct file *file, __u64 buffer)
{
	if (thread->is_announced)
		return;
	counter_moved((__u64)file, buffer, WIRE_STEP_COUNTER_WRITE);
	thread->is_announced = true;
}

/* A thread that waited in futex(): a worker, if the daemon has a job for it. */
static __always_inline void follow_woken(struct task_struct *task, struct followed_process *process, struct pt_regs *regs,
					 struct task_struct *sleeper)
{
	struct pt_regs *waits = task_registers(sleeper);
	__u64 start = process_start(sleeper);
	bool is_near = sleeper->tgid == task->tgid;
	struct wire_step *step;

	if (call_number(waits) != NR_FUTEX || !is_futex_wait(waits) || !is_futex_wake(regs))
		return;
	if (is_near ? native_argument(waits, 0) != native_argument(regs, 0)
		    : !(is_shared_futex(waits) && is_shared_futex(regs)))
		return;
	if (!is_near && !followed_of(sleeper) && !find_stream(sleeper->pid, start)) {
		make_stream(sleeper->pid, start, true, 0);
		mark_process(sleeper->tgid);
	}
	step = next_step(task, process, WIRE_STEP_WAKE);
	if (!step)
		return;
	step->child_tid = sleeper->pid;
	step->child_pid = sleeper->tgid;
	ring_submit(step);
}

SEC("tp_btf/sched_waking")
int BPF_PROG(ebtop_called, struct task_struct *sleeper)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct followed_process *process;
	struct follow_thread *thread = NULL;
	struct pt_regs *regs;
	struct file *file;
	__u32 class;

	if (!is_marked(task->tgid))
		return 0;
	process = followed_of(task);
	if (!process && !is_named(task->tgid))
		return 0;
	if (is_in_interrupt(ctx, task))
		return 0;
	if (process) {
		thread = known_thread(task);
		if (!is_open(process) || !thread || (thread->tag == FOLLOW_OTHERS && !process->is_bus))
			return 0;
	}
	regs = task_registers(task);
	if (is_compat_call(task))
		return 0;
	class = class_of(WIRE_ABI_NATIVE, call_number(regs));
	if (class == CALL_WRITE || class == CALL_SEND || class == CALL_SEND_MESSAGE) {
		file = file_of(task, native_argument(regs, 0));
		if (file && file_format(file))
			follow_written(process, file, regs);
		else if (file && thread)
			follow_announced(thread, file, native_argument(regs, 1));
	}
	if (process && call_number(regs) == NR_FUTEX)
		follow_woken(task, process, regs, sleeper);
	return 0;
}
