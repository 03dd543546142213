// SPDX-License-Identifier: GPL-2.0
// Sleeps of threads: how long they asked for, and how long they took. A sleep ends with its call, with the call that
// continues it after a signal, with a handler of a signal, or with its thread.
#include "lib/call-event.bpf.h"
#include "lib/calls.bpf.h"
#include "lib/restart.bpf.h"
#include "lib/tracepoint.bpf.h"

/* include/uapi/linux/time.h */
#define CLOCK_MONOTONIC 1
#define CLOCK_BOOTTIME 7
#define TIMER_ABSTIME 1

#define EINTR 4
#define NS_PER_S 1000000000ull

struct sleeping_thread {
	__u64 since; /* 0: it does not sleep */
	__u64 asked_ns;
	__u64 until; /* in the time of the clock that it named; 0: it asked for a duration */
	__u32 is_known;
	__u32 is_compat;
	__u32 nr;
	__u32 unused;
};
struct sleeping_map {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct sleeping_thread);
} sleeping_threads SEC(".maps");

/* A struct timespec of the caller, in ns. False if it cannot be read: its page may not be in memory yet. */
static __always_inline bool read_timespec(__u64 address, bool has_words, __u64 *ns)
{
	__s64 both[2];
	__s32 words[2];

	if (has_words) {
		if (bpf_probe_read_user(words, sizeof(words), (void *)address))
			return false;
		*ns = words[0] * NS_PER_S + words[1];
		return true;
	}
	if (bpf_probe_read_user(both, sizeof(both), (void *)address))
		return false;
	*ns = both[0] * NS_PER_S + both[1];
	return true;
}

static __always_inline bool is_plain_sleep(__u32 abi, __u32 nr)
{
	return nr == (abi == WIRE_ABI_COMPAT ? NR_COMPAT_NANOSLEEP : NR_NANOSLEEP);
}

/* The time that was asked for, as the arguments have it. */
static __always_inline bool read_asked(struct pt_regs *regs, __u32 abi, __u32 nr, __u64 *ns)
{
	bool has_words = abi == WIRE_ABI_COMPAT && (nr == NR_COMPAT_NANOSLEEP || nr == NR_COMPAT_CLOCK_NANOSLEEP);

	return read_timespec(call_argument(regs, abi, is_plain_sleep(abi, nr) ? 0 : 2), has_words, ns);
}

static __always_inline __u64 until_then(__u64 until, __u64 now)
{
	return until > now ? until - now : 0;
}

/* A signal without a handler makes a sleep up to a time begin again. */
static __always_inline void begin_sleep_until(struct sleeping_thread *thread, __u32 clock, __u64 until)
{
	if (thread->since && thread->until == until)
		return;
	thread->until = until;
	thread->is_known = clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME;
	thread->asked_ns = until_then(until, clock == CLOCK_BOOTTIME ? bpf_ktime_get_boot_ns() : bpf_ktime_get_ns());
	thread->since = bpf_ktime_get_boot_ns();
}

SYS_ENTER_PROG(ebtop_sleep_in)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 abi = is_compat_call(task) ? WIRE_ABI_COMPAT : WIRE_ABI_NATIVE;
	struct sleeping_thread *thread;
	struct pt_regs *regs;
	__u64 asked = 0;
	bool is_read;

	if (class_of(abi, nr) != CALL_SLEEP || !is_wanted(task->tgid))
		return 0;
	thread = bpf_task_storage_get(&sleeping_threads, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!thread) {
		count_lost(PROBE_EVENT);
		return 0;
	}
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	thread->nr = nr;
	thread->is_compat = abi;
	is_read = read_asked(regs, abi, nr, &asked);
	if (!is_plain_sleep(abi, nr) && call_argument(regs, abi, 1) & TIMER_ABSTIME) {
		begin_sleep_until(thread, call_argument(regs, abi, 0), asked);
		return 0;
	}
	thread->until = 0;
	thread->is_known = is_read;
	thread->asked_ns = asked;
	thread->since = bpf_ktime_get_boot_ns();
	return 0;
}

static __always_inline void end_sleep(struct sleeping_thread *thread, int error)
{
	__u64 now = bpf_ktime_get_boot_ns(), since = thread->since;
	struct call_event_scratch *scratch = call_event_acquire();
	struct wire_call_event *record;

	thread->since = 0;
	if (!scratch)
		return;
	call_event_begin(scratch, WIRE_EVENT_SLEEP);
	record = &scratch->record;
	record->nr = thread->nr;
	record->abi = thread->is_compat;
	record->error = error;
	record->took_ns = now - since;
	record->asked_ns = thread->asked_ns;
	record->other = thread->is_known;
	call_event_send(scratch);
	call_event_release(scratch);
}

/* A tail call of ebtop_sys_exit, also at the end of restart_syscall. */
SYS_EXIT_PROG(ebtop_slept)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct sleeping_thread *thread = bpf_task_storage_get(&sleeping_threads, task, NULL, 0);

	if (!thread || !thread->since)
		return 0;
	if (ret && ret != -EINTR) { /* it was refused */
		thread->since = 0;
		return 0;
	}
	if (!thread->is_known && !thread->until)
		thread->is_known = read_asked(regs, thread->is_compat, thread->nr, &thread->asked_ns);
	end_sleep(thread, (int)ret);
	return 0;
}

/* Whether the thread's last call is a sleep that a signal interrupted. */
static __always_inline bool is_broken_off(struct task_struct *task)
{
	long result, nr = interrupted_call(task, (struct pt_regs *)bpf_task_pt_regs(task), &result);
	__u32 class = class_of(is_compat_call(task), nr);

	return nr >= 0 && (class == CALL_SLEEP || class == CALL_RESTART);
}

/* It ends without an event of its exit if a handler runs. */
SEC("tp_btf/signal_deliver")
int BPF_PROG(ebtop_sleep_cut, int sig, struct kernel_siginfo *info, struct k_sigaction *action)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct sleeping_thread *thread = bpf_task_storage_get(&sleeping_threads, task, NULL, 0);

	if (thread && thread->since && (__u64)action->sa.sa_handler > 1 && is_broken_off(task))
		end_sleep(thread, -EINTR);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(ebtop_sleep_end, struct task_struct *task)
{
	struct sleeping_thread *thread = bpf_task_storage_get(&sleeping_threads, bpf_get_current_task_btf(), NULL, 0);

	if (thread && thread->since && is_broken_off(bpf_get_current_task_btf()))
		end_sleep(thread, -EINTR);
	return 0;
}
