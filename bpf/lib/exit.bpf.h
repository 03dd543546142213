/* SPDX-License-Identifier: GPL-2.0 */
/* Finding the last thread of a process that ends, and the data of its EXIT record. */
#ifndef EBTOP_EXIT_BPF_H
#define EBTOP_EXIT_BPF_H

#include "calls.bpf.h"
#include "count.bpf.h"
#include "restart.bpf.h"

#define SIGNAL_GROUP_EXIT 4
#define THREADS_MAX 65536
#define EEXIST 17

/* Dead threads, by their task, and processes whose EXIT was sent, by their signal_struct. A thread is searched for here
 * only until it has released its files, so the oldest may be evicted. */
struct departure {
	__u64 address;
	__u64 start;
};
struct exited_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct departure);
	__type(value, __u8);
};
extern struct exited_map exited SEC(".maps");

/* Whether the counts of that thread are complete. After the tracepoint it releases its files, then it becomes a zombie.
 * This is global, or the verifier of 5.15 would walk the rest of the loop for each of its three answers. */
__weak __noinline int has_exited(__u64 address)
{
	struct task_struct *task = (void *)address;
	struct departure thread = {address, BPF_CORE_READ(task, start_boottime)};

	return BPF_CORE_READ(task, exit_state) || !BPF_CORE_READ(task, files) || bpf_map_lookup_elem(&exited, &thread);
}

struct thread_search {
	struct list_head *head;
	struct list_head *node;
	int others; /* threads that have not ended yet: 0 or 1 */
};

static long look_for_others(__u32 index, struct thread_search *search)
{
	struct list_head *node = search->node;

	if (!node || node == search->head)
		return 1;
	if (!has_exited((__u64)as_number(node) - bpf_core_field_offset(struct task_struct, thread_node))) {
		search->others = 1;
		return 1;
	}
	search->node = peek(struct list_head, node, next);
	return 0;
}

static __always_inline struct list_head *threads_of(__u64 signal)
{
	return (void *)signal + bpf_core_field_offset(struct signal_struct, thread_head);
}

/* This one and group_cpu_ns() are global, or the verifier of 5.15 walks their loops for each way to them and gives up. */
__weak __noinline int has_other_threads(__u64 signal)
{
	struct list_head *head = threads_of(signal);
	struct thread_search search = {.head = head, .node = peek(struct list_head, head, next)};

	search.others =
		BPF_CORE_READ((struct signal_struct *)signal, live.counter); /* not a constant: see struct table_search */
	if (!search.others)
		loop(1024, THREADS_MAX, look_for_others, &search);
	return search.others;
}

/* Whether this thread, whose own counts are complete, is the last of its process. signal->live cannot tell: it is
 * decremented before the tracepoint, so threads that die on several CPUs at once all find 0, in any order. Each marks
 * itself and then looks for others; of two that find none one sends. */
static __always_inline bool is_last_thread(struct task_struct *task, __u64 start)
{
	struct signal_struct *signal = task->signal;
	struct departure thread = {(__u64)task, task->start_boottime}, process = {(__u64)signal, start};
	__u8 is_here = 1;

	if (signal->nr_threads == 1) /* the others are released, long after they ended */
		return true;
	bpf_map_update_elem(&exited, &thread, &is_here, BPF_ANY);
	order_memory(&fence);
	return !has_other_threads((__u64)as_number(signal)) &&
	       bpf_map_update_elem(&exited, &process, &is_here, BPF_NOEXIST) != -EEXIST;
}

/* The wait status as wait() would return it, read when the last thread ends. */
static __always_inline __u32 exit_status(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;

	if (signal->flags & SIGNAL_GROUP_EXIT)
		return signal->group_exit_code;
	return task->group_leader->exit_code;
}

/* exit and exit_group never return, nor does a call interrupted by a fatal signal, so no sys_exit counts them. */
static __always_inline void count_exit_call(struct task_struct *task, __u32 pid, __u64 start)
{
	struct pt_regs *regs = task_registers(task);
	long result, nr = interrupted_call(task, regs, &result);
	bool is_compat = is_compat_call(task), is_broken_off = nr >= 0;

	if (!is_broken_off)
		nr = own(struct pt_regs, regs, CALL_NUMBER);
	else if (class_of(is_compat, nr) == CALL_RESTART)
		nr = restarted_number(task, nr);
	if (is_broken_off ||
	    (is_compat ? (nr == NR_COMPAT_EXIT || nr == NR_COMPAT_EXIT_GROUP) : (nr == NR_EXIT || nr == NR_EXIT_GROUP)))
		count_syscall(pid, start, is_compat, nr, false);
}

/* Threads already released are in the sum, the others are still on the list: the leader until it is reaped, and threads
 * that die right now. */
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

__weak __noinline __u64 group_cpu_ns(__u64 signal)
{
	struct list_head *head = threads_of(signal);
	struct group_sum sum = {
		.head = head,
		.node = peek(struct list_head, head, next),
		.cpu_ns = BPF_CORE_READ((struct signal_struct *)signal, sum_sched_runtime),
	};

	loop(1024, THREADS_MAX, add_thread, &sum);
	return sum.cpu_ns;
}

#endif
