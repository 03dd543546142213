/* SPDX-License-Identifier: GPL-2.0 */
/* What is known when the last thread of a process goes. */
#ifndef EBTOP_EXIT_BPF_H
#define EBTOP_EXIT_BPF_H

#include "count.bpf.h"
#include "registers.bpf.h"

#define SIGNAL_GROUP_EXIT 4
#define THREADS_MAX 256

/* The wait status; what wait() would report, taken when the last thread goes. */
static __always_inline __u32 exit_status(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;

	if (signal->flags & SIGNAL_GROUP_EXIT)
		return signal->group_exit_code;
	return task->group_leader->exit_code;
}

/* exit and exit_group never return, so no sys_exit counts them. */
static __always_inline void count_exit_call(struct task_struct *task, __u32 pid, __u64 start)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	bool is_compat = is_compat_call(task);
	long nr = call_number(regs);

	if (is_compat ? (nr == NR_COMPAT_EXIT || nr == NR_COMPAT_EXIT_GROUP) : (nr == NR_EXIT || nr == NR_EXIT_GROUP))
		count_syscall(pid, start, is_compat, nr, false);
}

/* The threads that were released already stand in the sum, the others are still on the list: the leader until it is
 * waited for, and whoever dies at this moment. */
struct group_sum {
	struct list_head *head;
	struct list_head *node;
	__u64 cpu_ns;
};

static long add_thread(__u32 index, struct group_sum *sum)
{
	struct task_struct *task;

	if (!sum->node || sum->node == sum->head)
		return 1;
	task = (void *)sum->node - bpf_core_field_offset(struct task_struct, thread_node);
	sum->cpu_ns += BPF_CORE_READ(task, se.sum_exec_runtime);
	sum->node = peek(struct list_head, sum->node, next);
	return 0;
}

static __always_inline __u64 group_cpu_ns(struct signal_struct *signal)
{
	struct group_sum sum = {
		.head = &signal->thread_head,
		.node = signal->thread_head.next,
		.cpu_ns = signal->sum_sched_runtime,
	};

	bpf_loop(THREADS_MAX, add_thread, &sum, 0);
	return sum.cpu_ns;
}

#endif
