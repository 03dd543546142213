// SPDX-License-Identifier: GPL-2.0
// Processes: fork, exec, exit, and the state of all of them by an iterator.
#include "lib/args.bpf.h"
#include "lib/count.bpf.h"
#include "lib/exec.bpf.h"
#include "lib/exit.bpf.h"
#include "lib/follow.bpf.h"
#include "lib/process.bpf.h"
#include "lib/tracepoint.bpf.h"
#include "lib/wanted.bpf.h"

static __always_inline void handle_fork(struct task_struct *parent, struct task_struct *child)
{
	if (child->pid != child->tgid)
		return;
	__sync_fetch_and_add(&forks, 1);
	if (only_wanted) {
		if (!is_wanted(parent->tgid) || !admit_or_count(child))
			return;
	}
	send_process(child, PROBE_FORK, WIRE_FORK, parent->tgid);
}

static __always_inline struct taken_event fork_of(struct task_struct *child)
{
	return (struct taken_event){child->start_boottime, event_of(PROBE_FORK, 0)};
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(ebtop_fork, struct task_struct *parent, struct task_struct *child)
{
	struct taken_event fork = fork_of(child);

	if (!was_taken(PROBE_FORK, bpf_get_current_task(), &fork))
		handle_fork(parent, child);
	return 0;
}

/* perf's event has only the child's pid, in the initial pid namespace. The child does not run yet. */
SEC("tp/sched/sched_process_fork")
int ebtop_fork_perf(void *ctx)
{
	struct task_struct *child = bpf_task_from_pid(event_field(ctx, sched_process_fork, child_pid));
	struct taken_event fork;

	if (!child)
		return 0;
	fork = fork_of(child);
	if (take_event(PROBE_FORK, bpf_get_current_task(), &fork))
		handle_fork(bpf_get_current_task_btf(), child);
	bpf_task_release(child);
	return 0;
}

/* The file that runs; for a script its interpreter. */
static __always_inline void send_exe(struct task_struct *task)
{
	struct file *file = BPF_CORE_READ(task, mm, exe_file);
	struct path_scratch *scratch = path_acquire();
	struct wire_text record = {
		.head.type = WIRE_EXE,
		.head.pid = task->tgid,
		.head.start = process_start(task),
		.head.time = bpf_ktime_get_boot_ns(),
	};

	if (!scratch) {
		count_lost(PROBE_EXEC);
		return;
	}
	path_walk(scratch, file);
	record.len = record.total = path_len(scratch);
	record.flags = scratch->flags;
	path_output(scratch, PROBE_EXEC, &record, sizeof(record));
	path_release(scratch);
}

/* Between fork and exec a process may have changed user, namespaces and cgroup (containers do): so its state is sent
 * before the exec record. */
static __always_inline void handle_exec(struct task_struct *task, const char *filename)
{
	struct text_scratch *scratch;
	struct wire_exec *record;
	char comm[WIRE_COMM_LEN];
	bool is_new;

	__sync_fetch_and_add(&execs, 1);
	bpf_core_read(comm, sizeof(comm), &task->comm);
	if (!admit_by_comm(task, comm, &is_new))
		return;
	send_process(task, PROBE_EXEC, WIRE_PROCESS, 0);
	scratch = text_acquire(PROBE_EXEC);
	if (!scratch)
		return;
	record = exec_record(scratch, task, WIRE_EXEC);
	record->error = 0;
	exec_name(scratch, record, bpf_probe_read_kernel_str(scratch->text, TEXT_MAX, filename));
	text_send(PROBE_EXEC, scratch, sizeof(*record), record->name_len);
	send_exe(task);
	if (!no_args)
		send_args(task, scratch);
	text_release(scratch);
}

/* The kernel counts the execs of a task. */
static __always_inline struct taken_event exec_of(struct task_struct *task)
{
	return (struct taken_event){task->start_boottime, event_of(PROBE_EXEC, task->self_exec_id)};
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(ebtop_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	struct taken_event exec = exec_of(task);

	if (!was_taken(PROBE_EXEC, (__u64)task, &exec))
		handle_exec(task, BPF_CORE_READ(bprm, filename));
	return 0;
}

SEC("tp/sched/sched_process_exec")
int ebtop_exec_perf(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct taken_event exec = exec_of(task);

	if (take_event(PROBE_EXEC, (__u64)task, &exec))
		handle_exec(task, ctx + (event_field(ctx, sched_process_exec, __data_loc_filename) & 0xffff));
	return 0;
}

/* Only with --comm: a process that takes a wanted name. Runs before the name changes, at exec too. */
SEC("tp_btf/task_rename")
int BPF_PROG(ebtop_rename, struct task_struct *task, const char *name)
{
	char comm[WIRE_COMM_LEN] = {};
	bool is_new;

	if (task->pid != task->tgid)
		return 0;
	bpf_probe_read_kernel_str(comm, sizeof(comm), name);
	if (admit_by_comm(task, comm, &is_new) && is_new)
		send_process(task, PROBE_FORK, WIRE_PROCESS, 0);
	return 0;
}

/* A process that is moved to another cgroup, or enters other namespaces, as containers begin: it may be gone before the
 * next pass. */
static __always_inline void send_moved(struct task_struct *task)
{
	__u32 pid = own(struct task_struct, task, tgid);

	if (own(struct task_struct, task, pid) == pid && is_wanted(pid))
		send_process(task, PROBE_MOVE, WIRE_PROCESS, 0);
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(ebtop_moved, struct cgroup *cgroup, const char *path, struct task_struct *task, bool is_group)
{
	send_moved(task);
	return 0;
}

/* A tail call of ebtop_sys_exit for setns and unshare. */
SYS_EXIT_PROG(ebtop_entered)
{
	if (ret == 0)
		send_moved(current_task());
	return 0;
}

static __always_inline void handle_thread_exit(struct task_struct *trusted_task)
{
	struct task_struct *task = untrusted(struct task_struct, trusted_task);
	struct task_struct *leader = task->group_leader;
	__u64 start = leader->start_boottime;
	__u32 pid = task->tgid, status;
	__u64 key = actor_key(pid, start, task->pid);
	__u64 cpu_ns;
	bool may_be_followed = only_wanted || is_following;
	struct wire_exit *record;

	if (!is_wanted(pid))
		return;
	count_exit_call(trusted_task, pid, start);
	if (may_be_followed)
		remove_kept(&follow_threads, &key, TABLE_FOLLOW_THREAD);
	if (!is_last_thread(task, start))
		return;
	if (may_be_followed) {
		dismiss(pid);
		bpf_map_delete_elem(&followed, &pid);
		unmark_process(pid);
	}
	cpu_ns = group_cpu_ns((__u64)as_number(task->signal));
	record = ring_reserve(PROBE_EXIT, WIRE_EXIT, sizeof(*record), pid, start);
	if (!record)
		return;
	status = exit_status(task);
	record->ppid = leader->real_parent->tgid;
	record->uid = task->cred->euid.val;
	bpf_core_read(record->comm, sizeof(record->comm), &leader->comm);
	record->duration_ns = record->head.time - start;
	record->cpu_ns = cpu_ns;
	record->code = status >> 8 & 0xff;
	record->signal = status & 0x7f;
	record->flags = (status & 0x80 ? WIRE_EXIT_CORE : 0) | (task->signal->oom_mm ? WIRE_EXIT_OOM : 0);
	record->holder = holder_of(task->cred);
	ring_submit(record);
}

static __always_inline struct taken_event exit_of(struct task_struct *task)
{
	return (struct taken_event){task->start_boottime, event_of(PROBE_EXIT, 0)};
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(ebtop_exit, struct task_struct *task)
{
	struct taken_event exit = exit_of(task);

	if (!was_taken(PROBE_EXIT, (__u64)task, &exit))
		handle_thread_exit(task);
	return 0;
}

SEC("tp/sched/sched_process_exit")
int ebtop_exit_perf(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct taken_event exit = exit_of(task);

	if (take_event(PROBE_EXIT, (__u64)task, &exit))
		handle_thread_exit(task);
	return 0;
}

/* User space adds up the times of the threads of a process. */
static __always_inline void write_thread(struct seq_file *seq, struct task_struct *task)
{
	struct thread_cpu thread = {
		.head = {.type = WIRE_NONE, .size = sizeof(thread), .pid = task->tgid},
		.cpu_ns = task->se.sum_exec_runtime,
	};

	bpf_seq_write(seq, &thread, sizeof(thread));
}

SEC("iter/task")
int ebtop_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct wire_process record = {};
	bool is_foreign;

	if (!task)
		return 0;
	if (task->pid != task->tgid) {
		if (is_wanted(task->tgid))
			write_thread(ctx->meta->seq, task);
		return 0;
	}
	is_foreign = !admit_found(task);
	if (is_foreign && !is_peer(task->tgid, task->start_boottime))
		return 0;
	record.head.type = WIRE_PROCESS;
	record.head.size = sizeof(record);
	record.head.pid = task->tgid;
	record.head.start = task->start_boottime;
	record.head.time = bpf_ktime_get_boot_ns();
	fill_process(&record, task, cgroup_id(task, PROBE_FORK));
	if (is_foreign)
		record.flags |= WIRE_PROCESS_FOREIGN;
	record.ppid = BPF_CORE_READ(task, real_parent, tgid);
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
