// SPDX-License-Identifier: GPL-2.0
// Processes: fork, exec, exit, and the state of all of them by an iterator.
#include "lib/count.bpf.h"
#include "lib/process.bpf.h"
#include "lib/ring.bpf.h"

#define SIGNAL_GROUP_EXIT 4
#define NR_EXIT 60
#define NR_EXIT_GROUP 231

static __always_inline void handle_fork(struct task_struct *parent, struct task_struct *child)
{
	__u32 pid = child->tgid, parent_pid = parent->tgid;
	__u64 start = child->start_boottime;
	struct wire_process *record;

	if (child->pid != child->tgid)
		return;
	__sync_fetch_and_add(&forks, 1);
	if (only_wanted) {
		if (!is_wanted(parent_pid))
			return;
		bpf_map_update_elem(&wanted, &pid, &start, BPF_ANY);
	}
	record = ring_reserve(PROBE_FORK, WIRE_FORK, sizeof(*record), pid, start);
	if (!record)
		return;
	fill_process(record, child);
	record->ppid = parent_pid;
	bpf_ringbuf_submit(record, 0);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(ebtop_fork, struct task_struct *parent, struct task_struct *child)
{
	handle_fork(parent, child);
	return 0;
}

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
	bool is_compat = task->thread_info.status & 2;
	long nr = regs->orig_ax;

	if (is_compat ? (nr == 1 || nr == 252) : (nr == NR_EXIT || nr == NR_EXIT_GROUP))
		count_syscall(pid, start, is_compat, nr, false);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(ebtop_exit, struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;
	__u64 start = leader->start_boottime;
	__u32 pid = task->tgid, status;
	struct wire_exit *record;

	if (!is_wanted(pid))
		return 0;
	count_exit_call(task, pid, start);
	if (task->signal->live.counter != 0)
		return 0;
	if (only_wanted)
		bpf_map_delete_elem(&wanted, &pid);
	record = ring_reserve(PROBE_EXIT, WIRE_EXIT, sizeof(*record), pid, start);
	if (!record)
		return 0;
	status = exit_status(task);
	record->ppid = leader->real_parent->tgid;
	record->uid = task->cred->euid.val;
	bpf_core_read(record->comm, sizeof(record->comm), &leader->comm);
	record->duration_ns = record->head.time - start;
	record->cpu_ns = task->se.sum_exec_runtime + task->signal->sum_sched_runtime;
	record->code = status >> 8 & 0xff;
	record->signal = status & 0x7f;
	record->flags = (status & 0x80 ? WIRE_EXIT_CORE : 0) | (task->signal->oom_mm ? WIRE_EXIT_OOM : 0);
	record->reserved = 0;
	bpf_ringbuf_submit(record, 0);
	return 0;
}

/* A thread that is not the leader sends only a head; its CPU time stands in head.time, user space adds it up. */
static __always_inline void write_thread(struct seq_file *seq, struct task_struct *task)
{
	struct wire_head head = {
		.type = WIRE_NONE,
		.size = sizeof(head),
		.pid = task->tgid,
		.time = task->se.sum_exec_runtime,
	};

	bpf_seq_write(seq, &head, sizeof(head));
}

SEC("iter/task")
int ebtop_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct wire_process record = {};

	if (!task || !is_wanted(task->tgid))
		return 0;
	if (task->pid != task->tgid) {
		write_thread(ctx->meta->seq, task);
		return 0;
	}
	record.head.type = WIRE_PROCESS;
	record.head.size = sizeof(record);
	record.head.pid = task->tgid;
	record.head.start = task->start_boottime;
	record.head.time = bpf_ktime_get_boot_ns();
	fill_process(&record, task);
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
