// SPDX-License-Identifier: GPL-2.0
// Threads, by an iterator: their state, what each waits for, and which thread woke it last.
#include "lib/file.bpf.h"
#include "lib/process.bpf.h"
#include "lib/waker.bpf.h"

struct wake {
	__u32 pid;
	__u32 tid;
	__u32 waker; /* enum wire_waker */
	__u32 round;
	char comm[WIRE_COMM_LEN];
};

/* Created for a thread by the first pass that finds it, so a wakeup allocates nothing, and unwanted threads have none.
 */
struct wakes_map {
	THREAD_MAP();
	__type(value, struct wake);
} wakes SEC(".maps");

/* Counts how often the program below was attached: a wakeup stored during an earlier attachment may not be the last one. */
__u32 wake_round;

/* Runs with interrupts off and the sleeper's lock held: it is never preempted, so the BTF form misses nothing on 7.x. */
SEC("tp_btf/sched_waking")
int BPF_PROG(ebtop_waking, struct task_struct *sleeper)
{
	struct wake *wake = thread_value(&wakes, sleeper);
	struct task_struct *task;

	if (!wake)
		return 0;
	wake->round = wake_round;
	task = current_task();
	if (is_in_interrupt(ctx, task)) {
		wake->waker = WIRE_WAKER_INTERRUPT;
		wake->pid = wake->tid = 0;
		__builtin_memset(wake->comm, 0, sizeof(wake->comm));
		return 0;
	}
	wake->waker = WIRE_WAKER_THREAD;
	wake->pid = own(struct task_struct, task, tgid);
	wake->tid = own(struct task_struct, task, pid);
	bpf_get_current_comm(wake->comm, sizeof(wake->comm));
	return 0;
}

static __always_inline void fill_call(struct wire_thread *record, struct task_struct *task)
{
	struct pt_regs *regs = task_registers(task);
	long nr = call_number_core(regs);

	if (nr < 0)
		return;
	record->nr = nr;
	if (is_compat_call(task)) {
		record->abi = WIRE_ABI_COMPAT;
		record->argument = compat_argument_core(regs, 0);
		record->second_argument = compat_argument_core(regs, 1);
		record->third_argument = compat_argument_core(regs, 2);
	} else {
		record->argument = PT_REGS_PARM1_CORE_SYSCALL(regs);
		record->second_argument = PT_REGS_PARM2_CORE_SYSCALL(regs);
		record->third_argument = PT_REGS_PARM3_CORE_SYSCALL(regs);
	}
}

static __always_inline void fill_descriptor(struct wire_thread *record, struct task_struct *task)
{
	struct identity identity;
	struct file *file;

	if (record->argument >> 31)
		return;
	file = file_of(task, record->argument);
	if (!file)
		return;
	identify(file, &identity, false);
	record->ino = identity.ino;
	record->dev = identity.dev;
	record->gen = identity.gen;
	record->has_object = 1;
}

static __always_inline void fill_waker(struct wire_thread *record, struct task_struct *task)
{
	struct wake *wake = make_thread_value(&wakes, task);

	if (!wake || wake->round != wake_round)
		return;
	record->waker = wake->waker;
	record->waker_pid = wake->pid;
	record->waker_tid = wake->tid;
	__builtin_memcpy(record->waker_comm, wake->comm, sizeof(wake->comm));
}

SEC("iter/task")
int ebtop_threads(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct wire_thread record = {};
	struct upid upid = {};
	unsigned int level;
	struct pid *pid;

	if (!task || !is_wanted(task->tgid))
		return 0;
	record.head.type = WIRE_THREAD;
	record.head.size = sizeof(record);
	record.head.pid = task->tgid;
	record.head.start = process_start(task);
	record.head.time = bpf_ktime_get_boot_ns();
	record.born = task->start_boottime;
	record.cpu_ns = task->se.sum_exec_runtime;
	record.tid = task->pid;
	pid = peek(struct task_struct, task, thread_pid);
	level = pid ? peek(struct pid, pid, level) : 0;
	bpf_core_read(&upid, sizeof(upid), &pid->numbers[level]);
	record.ns_tid = upid.nr;
	bpf_core_read(record.comm, sizeof(record.comm), &task->comm);
	record.state = state_letter(task);
	record.nr = WIRE_NO_CALL;
	if (record.state != 'R' && record.state != 'Z' && !(task->flags & (PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER))) {
		fill_call(&record, task);
		if (record.nr != WIRE_NO_CALL)
			fill_descriptor(&record, task);
	}
	fill_waker(&record, task);
	record.wait_ns = task->sched_info.run_delay;
	record.voluntary = task->nvcsw;
	record.involuntary = task->nivcsw;
	record.counted = WIRE_COUNTED_SWITCHES;
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
