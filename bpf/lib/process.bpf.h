/* SPDX-License-Identifier: GPL-2.0 */
/* Fills struct wire_process from a task; used by the fork tracepoint and by the iterator. */
#ifndef EBTOP_PROCESS_BPF_H
#define EBTOP_PROCESS_BPF_H

#include "cgroup.bpf.h"
#include "holder.bpf.h"
#include "ring.bpf.h"
#include "task.bpf.h"

#define PIDTYPE_TGID 1
#define TASK_RUNNING 0
#define EXIT_ZOMBIE 0x20
#define EXIT_DEAD 0x10

/* As fs/proc/array.c does. */
static __always_inline __u8 state_letter(struct task_struct *task)
{
	unsigned int exit_state = peek(struct task_struct, task, exit_state);
	unsigned int state;

	if (exit_state & EXIT_ZOMBIE)
		return 'Z';
	if (exit_state & EXIT_DEAD)
		return 'X';
	if (bpf_core_field_exists(task->__state))
		state = peek(struct task_struct, task, __state);
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
#define PAGES(mm, kind) \
	({ \
		__s64 __pages; \
		if (bpf_core_type_exists(struct mm_rss_stat)) \
			__pages = BPF_CORE_READ((struct mm_struct___6_1 *)(mm), rss_stat.count[kind].counter); \
		else \
			__pages = peek(struct mm_struct, mm, rss_stat[kind].count); \
		__pages > 0 ? (__u64)__pages : 0; \
	})

/* File, anonymous and shmem pages, without swapped ones, as in /proc/PID/statm. */
static __always_inline __u64 rss_bytes(struct task_struct *task)
{
	struct mm_struct *mm = peek(struct task_struct, task, mm);

	if (!mm)
		return 0;
	return (PAGES(mm, 0) + PAGES(mm, 1) + PAGES(mm, 3)) << page_shift;
}

/* The number of the namespace behind proxy->field. */
#define NAMESPACE(proxy, field, type) \
	({ \
		typeof(type) *__namespace = peek(struct nsproxy, proxy, field); \
		__namespace ? peek(type, __namespace, ns.inum) : 0; \
	})

static __always_inline void fill_namespaces(struct wire_process *record, struct task_struct *task)
{
	struct nsproxy *proxy = peek(struct task_struct, task, nsproxy);
	struct pid *pid = peek(struct task_struct, task, thread_pid);
	struct upid upid = {};
	unsigned int level;

	if (proxy) { /* a zombie has none */
		record->ns_mnt = NAMESPACE(proxy, mnt_ns, struct mnt_namespace);
		record->ns_net = NAMESPACE(proxy, net_ns, struct net);
		record->ns_ipc = NAMESPACE(proxy, ipc_ns, struct ipc_namespace);
		record->ns_uts = NAMESPACE(proxy, uts_ns, struct uts_namespace);
		record->ns_cgroup = NAMESPACE(proxy, cgroup_ns, struct cgroup_namespace);
	} else {
		record->ns_mnt = record->ns_net = record->ns_ipc = record->ns_uts = record->ns_cgroup = 0;
	}
	level = pid ? peek(struct pid, pid, level) : 0;
	bpf_core_read(&upid, sizeof(upid), &pid->numbers[level]);
	record->ns_tgid = upid.nr;
	record->ns_pid = upid.ns ? peek(struct pid_namespace, upid.ns, ns.inum) : 0;
}

static __always_inline void fill_credentials(struct wire_process *record, struct task_struct *task)
{
	const struct cred *cred = peek(struct task_struct, task, cred);
	struct user_namespace *user = peek(struct cred, cred, user_ns);

	record->uid = peek(struct cred, cred, euid.val);
	record->gid = peek(struct cred, cred, egid.val);
	record->holder = holder_of(cred);
	record->ns_user = peek(struct user_namespace, user, ns.inum);
}

/* The parent, unless it may have adopted the child: only the first process of a pid namespace and processes that asked
 * for it (PR_SET_CHILD_SUBREAPER) adopt children. */
static __always_inline __u32 known_starter(struct task_struct *task)
{
	struct task_struct *parent = peek(struct task_struct, task, real_parent);
	struct signal_struct *signal = parent ? peek(struct task_struct, parent, signal) : NULL;
	struct pid *pid = signal ? peek(struct signal_struct, signal, pids[PIDTYPE_TGID]) : NULL;
	unsigned int level = pid ? peek(struct pid, pid, level) : 0;
	struct upid upid = {};

	if (!pid || BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper))
		return 0;
	bpf_core_read(&upid, sizeof(upid), &pid->numbers[level]);
	return upid.nr == 1 ? 0 : peek(struct task_struct, parent, tgid);
}

/* task is a group leader. Writes the whole record after its head, except ppid. */
static __always_inline void fill_process(struct wire_process *record, struct task_struct *task, __u64 cgroup)
{
	struct signal_struct *signal = peek(struct task_struct, task, signal);

	record->threads = peek(struct signal_struct, signal, nr_threads);
	fill_credentials(record, task);
	bpf_core_read(record->comm, sizeof(record->comm), &task->comm);
	record->cpu_ns = peek(struct task_struct, task, se.sum_exec_runtime);
	record->cpu_ns += peek(struct signal_struct, signal, sum_sched_runtime);
	record->rss_bytes = rss_bytes(task);
	record->cgroup = cgroup;
	fill_namespaces(record, task);
	record->state = state_letter(task);
	record->seccomp = peek(struct task_struct, task, seccomp.mode);
	record->seccomp_filters = peek(struct task_struct, task, seccomp.filter_count.counter);
	record->starter = known_starter(task);
	record->flags = peek(struct task_struct, task, flags) & PF_KTHREAD ? WIRE_PROCESS_KTHREAD : 0;
}

/* Sends the present state of the task; for a new task with the process that forked it. */
static __always_inline void send_process(struct task_struct *task, enum probe_id probe, __u16 type, __u32 forker)
{
	__u64 cgroup = cgroup_id(task, probe);
	struct wire_process *record;

	record = ring_reserve(probe, type, sizeof(*record), BPF_CORE_READ(task, tgid), process_start(task));
	if (!record)
		return;
	fill_process(record, task, cgroup);
	record->ppid = BPF_CORE_READ(task, real_parent, tgid);
	if (forker)
		record->starter = forker;
	ring_submit(record);
}

#endif
