// SPDX-License-Identifier: GPL-2.0
// Look-ups of host names: functions of the C libraries that processes map (native/bpf/library-links.cpp).
#include "lib/call-event.bpf.h"
#include "lib/wanted.bpf.h"

/* The outermost function that this thread is in. */
struct looking_thread {
	__u64 since; /* 0: in none */
	__u64 name;
	__u64 stack; /* pointer when it was called: functions that it calls have lower ones */
};
struct looking_map {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct looking_thread);
} looking_threads SEC(".maps");

/* A thread may have left the function by a jump: then a later call is no deeper than the one remembered. */
SEC("uprobe")
int BPF_KPROBE(ebtop_look_in, void *name)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct looking_thread *thread;

	if (!is_wanted(task->tgid))
		return 0;
	thread = bpf_task_storage_get(&looking_threads, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!thread) {
		count_lost(PROBE_EVENT);
		return 0;
	}
	if (thread->since && PT_REGS_SP(ctx) < thread->stack)
		return 0;
	thread->name = (__u64)name;
	thread->stack = PT_REGS_SP(ctx);
	thread->since = bpf_ktime_get_boot_ns();
	return 0;
}

/* The name is read now, when the function has read it: before, its page might not have been in memory. */
static __always_inline int end_lookup(__u64 stack, __s32 error, __u32 is_pointer)
{
	struct looking_thread *thread = bpf_task_storage_get(&looking_threads, bpf_get_current_task_btf(), NULL, 0);
	struct call_event_scratch *scratch;
	__u64 since;

	if (!thread || !thread->since || stack < thread->stack)
		return 0;
	since = thread->since;
	thread->since = 0;
	if (!thread->name) /* getaddrinfo for a service alone */
		return 0;
	scratch = call_event_acquire();
	if (!scratch)
		return 0;
	call_event_begin(scratch, WIRE_EVENT_LOOKUP);
	scratch->record.took_ns = bpf_ktime_get_boot_ns() - since;
	scratch->record.error = error;
	scratch->record.other = is_pointer;
	append_name(scratch, thread->name);
	end_string(scratch, scratch->at, 0);
	call_event_send(scratch);
	call_event_release(scratch);
	return 0;
}

SEC("uretprobe")
int BPF_KRETPROBE(ebtop_look_out, int result)
{
	return end_lookup(PT_REGS_SP(ctx), result, false);
}

SEC("uretprobe")
int BPF_KRETPROBE(ebtop_look_got, void *result)
{
	return end_lookup(PT_REGS_SP(ctx), result ? 0 : -1, true);
}
