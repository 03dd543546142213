// SPDX-License-Identifier: GPL-2.0
// Calls that a seccomp filter refused. They have no tracepoint of their own, but such a call has an exit without an entry.
#include "lib/call-event.bpf.h"
#include "lib/tracepoint.bpf.h"

/* task->seccomp.mode: 2 has filters, 3 is being killed by one */
#define SECCOMP_FILTERED 2

#define SECOND_NS 1000000000ull
/* Records that one thread may send per second; its next one says how many were omitted. */
#define REFUSALS_PER_SECOND 1000

/* State of a thread with a filter, from its first entry or exit on. So exits that never have an entry are ignored: of
 * the call that installs the filter, of the child's side of a fork, of calls in progress at attach. */
struct filtered_thread {
	__u64 second; /* the second that `sent` counts for */
	__u32 sent;
	__u32 unsent;
	__u32 has_entered;
	__u32 round;
};
struct filtered_map {
	THREAD_MAP();
	__type(value, struct filtered_thread);
} filtered_threads SEC(".maps");

/* Set at the first entry: before the entry program is attached, every call would look refused. */
__u32 has_seen_entry;
/* Counts how often the programs were attached: what a thread entered before that is unknown. */
__u32 filtered_round;

SYS_ENTER_PROG(ebtop_seccomp_in)
{
	struct task_struct *task = current_task();
	struct filtered_thread *thread;

	if (!has_seen_entry)
		has_seen_entry = 1;
	if (own(struct task_struct, task, seccomp.mode) < SECCOMP_FILTERED || !is_wanted(own(struct task_struct, task, tgid)))
		return 0;
	thread = make_thread_value(&filtered_threads, task);
	if (thread) {
		thread->has_entered = 1;
		thread->round = filtered_round;
	}
	return 0;
}

static __always_inline bool may_send(struct filtered_thread *thread)
{
	__u64 now = bpf_ktime_get_boot_ns();

	if (now - thread->second >= SECOND_NS) {
		thread->second = now;
		thread->sent = 0;
	}
	return thread->sent++ < REFUSALS_PER_SECOND;
}

SYS_EXIT_PROG(ebtop_seccomp_out)
{
	struct task_struct *task = current_task();
	struct call_event_scratch *scratch;
	struct filtered_thread *thread;
	int mode = own(struct task_struct, task, seccomp.mode);
	long nr = call_number(regs);

	if (!has_seen_entry || mode < SECCOMP_FILTERED || !is_wanted(own(struct task_struct, task, tgid)))
		return 0;
	thread = thread_value(&filtered_threads, task);
	if (!thread || thread->round != filtered_round) {
		thread = make_thread_value(&filtered_threads, task);
		if (thread) {
			thread->has_entered = 0;
			thread->round = filtered_round;
		}
		return 0;
	}
	if (thread->has_entered || nr < 0) { /* rt_sigreturn has restored the registers of the interrupted code */
		thread->has_entered = 0;
		return 0;
	}
	thread->unsent++;
	if (!may_send(thread))
		return 0;
	scratch = call_event_acquire();
	if (!scratch)
		return 0;
	call_event_begin(scratch, WIRE_EVENT_SECCOMP_REFUSED);
	scratch->record.nr = nr;
	scratch->record.abi = is_compat_call(task) ? WIRE_ABI_COMPAT : WIRE_ABI_NATIVE;
	scratch->record.error = ret < 0 ? (__s32)ret : 0;
	scratch->record.flags = mode;
	scratch->record.other = thread->unsent;
	thread->unsent = 0;
	call_event_send(scratch);
	call_event_release(scratch);
	return 0;
}
