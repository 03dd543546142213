// SPDX-License-Identifier: GPL-2.0
// The cgroups that the command and daemons make, and who is put into them: all that runs there works for whoever made it.
#include "lib/follow-cgroup.bpf.h"
#include "lib/tracepoint.bpf.h"

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(ebtop_cg_made, struct cgroup *cgroup)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct followed_process *process = followed_of(task);
	__u64 id = cgroup_number(cgroup);
	struct follow_thread *thread;
	struct wire_step *step;

	if (process) {
		thread = is_open(process) ? known_thread(task) : NULL;
		if (!thread || thread->tag == FOLLOW_OTHERS)
			return 0;
	} else if (!is_named(task->tgid)) {
		return 0;
	}
	make_stream((__u64)as_number(cgroup), id, true, 0);
	step = next_step(task, process, WIRE_STEP_CGROUP);
	if (!step)
		return 0;
	step->object = id;
	ring_submit(step);
	return 0;
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(ebtop_cg_joined, struct cgroup *cgroup, const char *path, struct task_struct *task)
{
	follow_joined(task, cgroup);
	return 0;
}
