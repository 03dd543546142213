// SPDX-License-Identifier: GPL-2.0
// The threads and processes that followed daemons make.
#include "lib/follow-cgroup.bpf.h"
#include "lib/tracepoint.bpf.h"

/* A child of a daemon is followed as well. A child of the command is followed because it is wanted; in a session
 * narrowed to wanted processes, ebtop_fork adds it. */
static __always_inline void follow_born(struct task_struct *parent, struct task_struct *child)
{
	struct followed_process *process = followed_of(parent), value = {};
	__u64 key = actor_key(child->tgid, process_start(child), child->pid);
	__u32 pid = child->tgid;
	struct follow_thread *thread, born = {};
	struct wire_step *step;
	bool is_reported;

	if (!process) {
		if (!only_wanted && child->pid == pid && is_named(parent->tgid))
			admit_or_count(child);
		else if (child->pid == pid)
			follow_joined(child, BPF_CORE_READ(child, cgroups, dfl_cgrp)); /* by CLONE_INTO_CGROUP */
		return;
	}
	thread = known_thread(parent);
	is_reported = is_open(process) && (process->is_bus || !(thread && thread->tag == FOLLOW_OTHERS));
	if (thread && !process->is_bus)
		born.tag = thread->tag;
	keep_newest(&follow_threads, &key, &born, TABLE_FOLLOW_THREAD);
	if (child->pid == pid) {
		value.start = process_start(child);
		value.open_until = is_reported ? process->open_until : 0;
		mark_process(pid);
		if (bpf_map_update_elem(&followed, &pid, &value, BPF_ANY)) {
			__sync_fetch_and_add(&overflow[TABLE_FOLLOWED], 1);
			dismiss(pid);
			return;
		}
	}
	step = is_reported ? next_step(parent, process, WIRE_STEP_CHILD) : NULL;
	if (!step)
		return;
	step->child_tid = child->pid;
	step->child_pid = pid;
	ring_submit(step);
}

SEC("two_forms/sched/sched_process_fork")
int ebtop_born(void *ctx)
{
	struct task_struct *child;

	if (!by_perf) {
		follow_born((struct task_struct *)btf_argument(ctx, 0), (struct task_struct *)btf_argument(ctx, 1));
		return 0;
	}
	child = bpf_task_from_pid(event_field(ctx, sched_process_fork, child_pid));
	if (!child) {
		count_lost(PROBE_FOLLOW);
		return 0;
	}
	follow_born(bpf_get_current_task_btf(), child);
	bpf_task_release(child);
	return 0;
}
