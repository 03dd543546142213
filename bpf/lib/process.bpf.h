/* SPDX-License-Identifier: GPL-2.0 */
/* Fills struct wire_process from a task; used by the fork tracepoint and by the iterator. */
#ifndef EBTOP_PROCESS_BPF_H
#define EBTOP_PROCESS_BPF_H

#include "cgroup.bpf.h"
#include "task.bpf.h"

#define PIDTYPE_TGID 1
#define TASK_RUNNING 0
#define EXIT_ZOMBIE 0x20
#define EXIT_DEAD 0x10

/* As fs/proc/array.c prints it. */
static __always_inline __u8 state_letter(struct task_struct *task)
{
	unsigned int exit_state = BPF_CORE_READ(task, exit_state);
	unsigned int state;

	if (exit_state & EXIT_ZOMBIE)
		return 'Z';
	if (exit_state & EXIT_DEAD)
		return 'X';
	if (bpf_core_field_exists(task->__state))
		state = BPF_CORE_READ(task, __state);
	else
		state = BPF_CORE_READ((struct task_struct___5_13 *)task, state);
	if ((state & 0x402) == 0x402) /* TASK_UNINTERRUPTIBLE | TASK_NOLOAD */
		return 'I';
	if (state & 1)
		return 'S';
	if (state & 2)
		return 'D';
	if (state & 4)
		return 'T';
	if (state & 8)
		return 't';
	return 'R';
}

/* The index must be a constant: the offset of an element is relocated when loading. */
#define PAGES(mm, kind)                                                                                              \
	({                                                                                                           \
		__s64 __pages;                                                                                       \
		if (bpf_core_type_exists(struct mm_rss_stat))                                                        \
			__pages = BPF_CORE_READ((struct mm_struct___6_1 *)(mm), rss_stat.count[kind].counter);    \
		else                                                                                                 \
			__pages = BPF_CORE_READ(mm, rss_stat[kind].count);                                        \
		__pages > 0 ? (__u64)__pages : 0;                                                                    \
	})

/* File, anonymous and shmem pages; of the swap counter nothing. As /proc/PID/statm counts. */
static __always_inline __u64 rss_bytes(struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);

	if (!mm)
		return 0;
	return (PAGES(mm, 0) + PAGES(mm, 1) + PAGES(mm, 3)) << 12;
}

static __always_inline void fill_namespaces(struct wire_process *record, struct task_struct *task)
{
	struct nsproxy *proxy = BPF_CORE_READ(task, nsproxy);
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	unsigned int level = BPF_CORE_READ(pid, level);
	struct upid upid = {};

	record->ns_user = BPF_CORE_READ(task, cred, user_ns, ns.inum);
	record->ns_mnt = BPF_CORE_READ(proxy, mnt_ns, ns.inum);
	record->ns_net = BPF_CORE_READ(proxy, net_ns, ns.inum);
	record->ns_ipc = BPF_CORE_READ(proxy, ipc_ns, ns.inum);
	record->ns_uts = BPF_CORE_READ(proxy, uts_ns, ns.inum);
	record->ns_cgroup = BPF_CORE_READ(proxy, cgroup_ns, ns.inum);
	bpf_core_read(&upid, sizeof(upid), &pid->numbers[level]);
	record->ns_tgid = upid.nr;
	record->ns_pid = BPF_CORE_READ(upid.ns, ns.inum);
}

/* task is a group leader. All of record after its head is written, ppid excepted. */
static __always_inline void fill_process(struct wire_process *record, struct task_struct *task, __u64 cgroup)
{
	record->threads = BPF_CORE_READ(task, signal, nr_threads);
	record->uid = BPF_CORE_READ(task, cred, euid.val);
	record->gid = BPF_CORE_READ(task, cred, egid.val);
	bpf_core_read(record->comm, sizeof(record->comm), &task->comm);
	record->cpu_ns = BPF_CORE_READ(task, se.sum_exec_runtime) + BPF_CORE_READ(task, signal, sum_sched_runtime);
	record->rss_bytes = rss_bytes(task);
	record->cgroup = cgroup;
	fill_namespaces(record, task);
	record->state = state_letter(task);
	record->seccomp = BPF_CORE_READ(task, seccomp.mode);
	record->flags = BPF_CORE_READ(task, flags) & PF_KTHREAD ? WIRE_PROCESS_KTHREAD : 0;
	record->reserved = 0;
}

#endif
