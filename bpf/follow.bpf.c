// SPDX-License-Identifier: GPL-2.0
// The system calls of the command and of daemons that are steps: which call is which step. The model decides for whom each
// step was taken. ebtop_sys_exit calls this only for calls that may be steps (lib/follow-filter.bpf.h).
#include "lib/calls.bpf.h"
#include "lib/follow-accept.bpf.h"
#include "lib/follow-futex.bpf.h"
#include "lib/follow-move.bpf.h"
#include "lib/ipc-calls.bpf.h"
#include "lib/restart.bpf.h"
#include "lib/tracepoint.bpf.h"

#define FOLLOW_MSG_PEEK 2

enum follow_class {
	FOLLOW_NOTHING,
	FOLLOW_READS,
	FOLLOW_WRITES,
	FOLLOW_OPENS,
	FOLLOW_ACCEPTS,
	FOLLOW_WAITS,
	FOLLOW_COPIES, /* from one descriptor to another */
};

static __always_inline bool is_wait(struct pt_regs *regs, long nr)
{
	if (nr == NR_FUTEX)
		return is_futex_wait(regs);
	return nr == NR_EPOLL_WAIT || nr == NR_EPOLL_PWAIT || nr == NR_EPOLL_PWAIT2 || nr == NR_POLL || nr == NR_PPOLL ||
	       nr == NR_SELECT || nr == NR_PSELECT6;
}

static __always_inline enum follow_class follow_class(struct pt_regs *regs, long nr)
{
	switch (class_of(WIRE_ABI_NATIVE, nr)) {
	case CALL_READ:
		return FOLLOW_READS;
	case CALL_RECEIVE:
		return native_argument(regs, 3) & FOLLOW_MSG_PEEK ? FOLLOW_NOTHING : FOLLOW_READS;
	case CALL_RECEIVE_MESSAGE:
		return native_argument(regs, 2) & FOLLOW_MSG_PEEK ? FOLLOW_NOTHING : FOLLOW_READS;
	case CALL_WRITE:
	case CALL_SEND:
	case CALL_SEND_MESSAGE:
		return FOLLOW_WRITES;
	case CALL_OPEN:
		return FOLLOW_OPENS;
	case CALL_NEW:
		return FOLLOW_ACCEPTS;
	case CALL_SYSV:
		return FOLLOW_WAITS;
	case CALL_SENDFILE:
	case CALL_SPLICE:
		return FOLLOW_COPIES;
	case CALL_OTHER:
		return is_wait(regs, nr) ? FOLLOW_WAITS : FOLLOW_NOTHING;
	default:
		return FOLLOW_NOTHING;
	}
}

/* A daemon woke the thread, which waited in shared memory: it may have a job for it. */
static __always_inline struct followed_process *follow_called(struct task_struct *task)
{
	struct followed_process *process;

	if (!is_known_stream(task->pid))
		return NULL;
	process = find_stream(task->pid, process_start(task)) && !is_named(task->tgid) ? involve() : NULL;
	if (process)
		process->open_until = bpf_ktime_get_boot_ns() + FOLLOW_OPEN_NS;
	return process;
}

static __always_inline void follow_waited(struct task_struct *task)
{
	struct followed_process *process;
	struct follow_thread *thread;
	struct wire_step *step;

	process = followed_of(task);
	if (!process)
		process = follow_called(task);
	thread = process ? thread_of(task) : NULL;
	if (!thread)
		return;
	thread->is_fresh = false;
	thread->has_read = false;
	if (!is_open(process) || thread->is_quiet)
		return;
	step = next_step(task, process, WIRE_STEP_WAIT);
	if (step)
		ring_submit(step);
}

/* Global, so that it is verified once. */
__weak __noinline int follow_call(long ret, __u32 class)
{
	struct pt_regs *regs = task_registers(bpf_get_current_task_btf());
	__u32 first = native_argument(regs, 0), second = native_argument(regs, 1), vector;
	long nr = call_number(regs);
	__u64 buffer;

	switch (class) {
	case FOLLOW_READS:
	case FOLLOW_WRITES:
		vector = find_buffer(regs, nr, &buffer);
		follow_transfer(first, ret, vector | (class == FOLLOW_WRITES ? FOLLOW_OUT : FOLLOW_IN), buffer);
		break;
	case FOLLOW_COPIES:
		if (class_of(WIRE_ABI_NATIVE, nr) == CALL_SENDFILE) {
			follow_transfer(second, ret, FOLLOW_IN, 0);
			follow_transfer(first, ret, FOLLOW_OUT, 0);
		} else {
			follow_transfer(first, ret, FOLLOW_IN, 0);
			follow_transfer(native_argument(regs, 2), ret, FOLLOW_OUT, 0);
		}
		break;
	case FOLLOW_OPENS:
		follow_opened(ret);
		break;
	case FOLLOW_ACCEPTS:
		follow_accepted(ret, first);
		break;
	case FOLLOW_WAITS:
		follow_waited(bpf_get_current_task_btf());
		break;
	}
	return 0;
}

SYS_EXIT_PROG(ebtop_follow)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 called = class_of(WIRE_ABI_NATIVE, call_number(regs));
	/* What ebtop_sys_exit would have called. Asked before the process becomes wanted by this call. */
	bool is_for_other = count_io && called > CALL_WRITE && !is_restart(ret) && is_wanted(task->tgid);
	enum follow_class class = follow_class(regs, call_number(regs));

	if (class != FOLLOW_NOTHING && (ret >= 0 || class == FOLLOW_WAITS))
		follow_call(ret, class);
	if (is_for_other)
		bpf_tail_call(ctx, &ipc_calls, called);
	return 0;
}
