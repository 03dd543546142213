// SPDX-License-Identifier: GPL-2.0
// Signals from the command to daemons, and the handlers that they run.
#include "lib/calls.bpf.h"
#include "lib/follow-request.bpf.h"
#include "lib/restart.bpf.h"

#define EINTR 4
#define SI_USER 0
#define SI_QUEUE (-1)
#define SI_TKILL (-6)

/* Kept like a stream: which process sent this signal to a process last. No address is that small. */
static __always_inline void name_signal(struct follow_end *end, struct task_struct *target, int sig)
{
	end->stream = (__u64)BPF_CORE_READ(target, tgid) << 8 | sig;
	end->ino = process_start(target);
}

SEC("tp_btf/signal_generate")
int BPF_PROG(ebtop_told, int sig, struct kernel_siginfo *info, struct task_struct *target, int group, int result)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct follow_end end = {};
	struct follow_stream *stream;

	if (!is_of_command(pid) || is_named(BPF_CORE_READ(target, tgid)))
		return 0;
	name_signal(&end, target, sig);
	stream = make_stream(end.stream, end.ino, true, 0);
	if (stream)
		stream->written = pid;
	return 0;
}

/* The thread was waiting for something to do, and not in the middle of other work. */
static __always_inline bool was_waiting(struct task_struct *task)
{
	struct pt_regs *regs = task_registers(task);
	long result, nr = interrupted_call(task, regs, &result);
	__u32 class;

	if (is_compat_call(task))
		return false;
	/* A handler has just ended, and the interrupted call was not repeated yet or has failed. */
	if (nr < 0)
		return call_number(regs) < 0 && call_result(regs) == -EINTR;
	class = class_of(WIRE_ABI_NATIVE, nr);
	return class != CALL_SLEEP && class != CALL_RESTART;
}

/* The process of the command that sent the signal; 0: another one, or it is not known which. */
static __always_inline __u32 command_that_sent(struct task_struct *task, int sig, struct kernel_siginfo *info)
{
	int code = BPF_CORE_READ(info, si_code);
	struct follow_stream *sent;
	struct follow_end end = {};
	__u32 pid;

	name_signal(&end, task, sig);
	if (!(code == SI_USER || code == SI_QUEUE || code == SI_TKILL))
		return 0;
	pid = BPF_CORE_READ(info, _sifields._kill._pid);
	sent = stream_of(&end);
	return sent && sent->written == pid ? pid : 0;
}

SEC("tp_btf/signal_deliver")
int BPF_PROG(ebtop_obeyed, int sig, struct kernel_siginfo *info, struct k_sigaction *action)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct followed_process *process = followed_of(task);
	__u64 handler = (__u64)action->sa.sa_handler;
	struct follow_thread *thread;
	struct wire_step *step;
	__u32 sender;

	if (handler <= 1 || !was_waiting(task))
		return 0;
	sender = command_that_sent(task, sig, info);
	if (!process && sender)
		process = involve();
	thread = process ? thread_of(task) : NULL;
	if (!thread)
		return 0;
	if (sender) {
		process->open_until = bpf_ktime_get_boot_ns() + FOLLOW_OPEN_NS;
		thread->tag = FOLLOW_OURS;
		thread->is_quiet = false;
	}
	step = is_open(process) ? next_step(task, process, sender ? WIRE_STEP_SIGNAL : WIRE_STEP_WAIT) : NULL;
	if (!step)
		return 0;
	step->child_pid = sender;
	ring_submit(step);
	return 0;
}
