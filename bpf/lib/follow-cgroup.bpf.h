/* SPDX-License-Identifier: GPL-2.0 */
/* Processes that get into a cgroup that was made for the command. */
#ifndef EBTOP_FOLLOW_CGROUP_BPF_H
#define EBTOP_FOLLOW_CGROUP_BPF_H

#include "follow-step.bpf.h"
#include "follow-stream.bpf.h"

/* Never used again, in contrast to the address. */
static __always_inline __u64 cgroup_number(struct cgroup *cgroup)
{
	struct kernfs_node *node = peek(struct cgroup, cgroup, kn);

	return peek(struct kernfs_node, node, id);
}

/* The process of `task` is followed from now on if `cgroup` was made for the command. */
static __noinline int follow_joined(struct task_struct *task, struct cgroup *cgroup)
{
	__u64 key = (__u64)as_number(cgroup), id;
	struct followed_process *process;
	struct wire_step *step;

	if (!is_known_stream(key) || is_of_command(task->tgid))
		return 0;
	id = cgroup_number(cgroup);
	if (!find_stream(key, id))
		return 0;
	process = followed_of(task);
	if (!process)
		process = involve_task(task);
	if (!process)
		return 0;
	process->open_until = bpf_ktime_get_boot_ns() + FOLLOW_OPEN_NS;
	step = begin_step(task, WIRE_STEP_JOIN);
	if (!step)
		return 0;
	step->tid = task->pid;
	step->object = id;
	ring_submit(step);
	return 0;
}

#endif
