// SPDX-License-Identifier: GPL-2.0
// The scheduler: how long threads wait for a CPU, how long they keep it and how they leave it, summed by process and CPU;
// and which process wakes which.
//
// All events of a thread happen with the lock of its run queue held, so two CPUs never change its entry below at once,
// interrupts are off, and no program is skipped. Nothing may be allocated there: the entry is made at the fork, or by an
// iterator for older threads.
#include "lib/latency.bpf.h"
#include "lib/table.bpf.h"
#include "lib/waker.bpf.h"
#include "lib/wanted.bpf.h"

struct sched_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct sched_slot);
};
struct sched_map sched_table SEC(".maps");
struct occupied_map sched_occupied SEC(".maps");
struct owners_map sched_owners SEC(".maps");
const volatile __u32 sched_mask = 4096 - 1;

/* Counts how often the programs were attached: entries from an earlier attachment are out of date. */
__u32 sched_round = 1;

DEFINE_TABLE(sched, TABLE_SCHED)

struct wake_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct wake_slot);
};
struct wake_map wake_table SEC(".maps");
struct occupied_map wake_occupied SEC(".maps");
struct owners_map wake_owners SEC(".maps");
const volatile __u32 wake_mask = 4096 - 1;

DEFINE_TABLE(wake, TABLE_WAKE)

enum place {
	ON_CPU,
	QUEUED,
	ASLEEP,
	GONE, /* its last turn on a CPU was counted at its exit */
};

/* The kernel's own counters of a thread. They miss nothing, so their growth is summed; the events add the CPU, and how
 * long each wait took. */
struct thread_counts {
	__u64 run_ns;
	__u64 wait_ns;
	__u64 voluntary;
	__u64 involuntary;
};

struct thread_place {
	__u64 since;
	__u64 waited;		      /* for the CPU that it is on; only with has_waited */
	struct thread_counts counted; /* as of the end of its last turn */
	__u32 round;
	__u16 place; /* enum place */
	__u16 has_waited;
};

struct thread_places_map {
	THREAD_MAP();
	__type(value, struct thread_place);
} thread_places SEC(".maps");

static __always_inline struct sched_slot *sched_slot_of(struct task_struct *task)
{
	__u32 pid = task->tgid, cpu = bpf_get_smp_processor_id(), index;
	__u64 start = process_start(task);
	__u64 key = (((__u64)cpu << 32 | pid) ^ start ^ table_secret) * 0xff51afd7ed558ccdull;
	struct sched_slot *slot;

	key ^= key >> 32;
	key = key * 0x9e3779b97f4a7c15ull ?: 1;
	slot = sched_near(key, &index);
	if (slot)
		return slot;
	index = sched_place(key, start, pid);
	slot = bpf_map_lookup_elem(&sched_table, &index);
	if (!slot) {
		__sync_fetch_and_add(&overflow[TABLE_SCHED], 1);
		return NULL;
	}
	slot->pid = pid;
	slot->cpu = cpu;
	order_stores();
	return slot;
}

static __always_inline void add_wait(struct sched_slot *slot, __u64 ns)
{
	__u32 bucket = log2_of(ns);

	if (bucket < WIRE_LATENCY_BUCKETS)
		__sync_fetch_and_add(&slot->waits[bucket], 1);
	raise_max(&slot->max_wait_ns, ns);
}

static __always_inline struct thread_counts counts_of(struct task_struct *task)
{
	return (struct thread_counts){.run_ns = task->se.sum_exec_runtime,
				      .wait_ns = task->sched_info.run_delay,
				      .voluntary = task->nvcsw,
				      .involuntary = task->nivcsw};
}

/* The current thread's turn on this CPU ends now. */
static __always_inline void count_turn(struct task_struct *task, struct thread_place *thread)
{
	struct thread_counts now = counts_of(task), *before = &thread->counted;
	struct sched_slot *slot = sched_slot_of(task);

	if (slot) {
		if (thread->has_waited)
			add_wait(slot, thread->waited);
		__sync_fetch_and_add(&slot->run_ns, now.run_ns - before->run_ns);
		__sync_fetch_and_add(&slot->wait_ns, now.wait_ns - before->wait_ns);
		__sync_fetch_and_add(&slot->voluntary, now.voluntary - before->voluntary);
		__sync_fetch_and_add(&slot->involuntary, now.involuntary - before->involuntary);
		__sync_fetch_and_add(&slot->turns, 1);
	}
	thread->counted = now;
	thread->has_waited = false;
}

/* A thread that stays on the run queue waits from now on. The tracepoint's state does not tell: up to 6.13 it is stale
 * if a signal keeps the thread from sleeping (8feb053d5319), and a preempted thread waits in any state. Since 6.12 a
 * sleeping thread may stay on the queue for a while. */
static __always_inline bool stays_queued(struct task_struct *task)
{
	if (!task->on_rq)
		return false;
	return !bpf_core_field_exists(task->se.sched_delayed) || !task->se.sched_delayed;
}

static __always_inline void leave_cpu(struct task_struct *task, __u64 now)
{
	struct thread_place *thread = thread_value(&thread_places, task);
	struct thread_counts counts;

	if (!thread || (thread->round == sched_round && thread->place == GONE))
		return;
	counts = counts_of(task);
	if (thread->round == sched_round)
		count_turn(task, thread);
	thread->counted = counts;
	thread->round = sched_round;
	thread->place = stays_queued(task) ? QUEUED : ASLEEP;
	thread->since = now;
}

static __always_inline void take_cpu(struct task_struct *task, __u64 now)
{
	struct thread_place *thread = thread_value(&thread_places, task);
	struct thread_counts counts;

	if (!thread || (thread->round == sched_round && thread->place == GONE))
		return;
	counts = counts_of(task);
	if (thread->round != sched_round)
		thread->counted = counts;
	thread->has_waited = thread->round == sched_round && thread->place == QUEUED &&
			     counts.voluntary == thread->counted.voluntary && counts.involuntary == thread->counted.involuntary;
	if (thread->has_waited)
		thread->waited = now - thread->since;
	thread->round = sched_round;
	thread->place = ON_CPU;
	thread->since = now;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(ebtop_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u64 now = bpf_ktime_get_ns();

	leave_cpu(prev, now);
	take_cpu(next, now);
	return 0;
}

/* Also called for a thread that has not left its CPU yet, or that was preempted on its way to sleep and already waits. */
static __always_inline void join_queue(struct task_struct *task)
{
	struct thread_place *thread = thread_value(&thread_places, task);

	if (!thread || (thread->round == sched_round ? thread->place != ASLEEP : task->on_cpu))
		return;
	if (thread->round != sched_round)
		thread->counted = counts_of(task);
	thread->round = sched_round;
	thread->place = QUEUED;
	thread->since = bpf_ktime_get_ns();
}

struct waker {
	struct task_struct *task; /* NULL: none that may be named */
	__u64 start;
	__u32 pid;
	__u32 kind; /* enum wire_waker */
};

/* A thread that ends wakes its parent and others after its exit was reported, when no slot may be claimed for it any more. */
static __always_inline struct waker current_waker(void *arguments)
{
	struct task_struct *task = current_task();

	if (is_in_interrupt(arguments, task))
		return (struct waker){.kind = WIRE_WAKER_INTERRUPT};
	if (own(struct task_struct, task, flags) & PF_EXITING)
		return (struct waker){.kind = WIRE_WAKER_ENDING};
	return (struct waker){task, process_start(task), own(struct task_struct, task, tgid), WIRE_WAKER_THREAD};
}

static __always_inline __u64 wake_key(__u32 pid, __u64 start, struct waker *waker)
{
	__u64 key = ((__u64)pid << 32 | waker->pid) ^ table_secret;

	key = (key ^ start) * 0xff51afd7ed558ccdull;
	key = (key ^ key >> 32 ^ waker->start ^ waker->kind) * 0x9e3779b97f4a7c15ull;
	return key ^ key >> 32 ?: 1;
}

/* The slot of a new pair takes a part of the waker's share; an interrupt may have any task as current. */
static __always_inline struct wake_slot *new_wake_slot(__u64 key, __u32 pid, __u64 start, struct waker *waker)
{
	__u32 index = wake_place(key, start, waker->pid);
	struct wake_slot *slot = bpf_map_lookup_elem(&wake_table, &index);
	struct task_struct *task = waker->task;

	if (!slot) {
		__sync_fetch_and_add(&overflow[TABLE_WAKE], 1);
		return NULL;
	}
	slot->pid = pid;
	slot->waker = waker->kind;
	slot->waker_pid = waker->pid;
	slot->waker_start = waker->start;
	if (task)
		BPF_CORE_READ_INTO(&slot->waker_comm, task, group_leader, comm);
	order_stores();
	return slot;
}

SEC("tp_btf/sched_waking")
int BPF_PROG(ebtop_woke, struct task_struct *sleeper)
{
	struct thread_place *thread = thread_value(&thread_places, sleeper);
	struct wake_slot *slot;
	struct waker waker;
	__u32 index, pid;
	__u64 start, key;

	if (!thread || (thread->round == sched_round && thread->place == GONE))
		return 0;
	waker = current_waker(ctx);
	pid = sleeper->tgid;
	start = process_start(sleeper);
	key = wake_key(pid, start, &waker);
	slot = wake_near(key, &index);
	if (!slot)
		slot = new_wake_slot(key, pid, start, &waker);
	if (slot)
		__sync_fetch_and_add(&slot->count, 1);
	return 0;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(ebtop_wakeup, struct task_struct *task)
{
	join_queue(task);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(ebtop_wake_new, struct task_struct *task)
{
	join_queue(task);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(ebtop_run_born, struct task_struct *parent, struct task_struct *child)
{
	if (is_wanted(child->tgid))
		make_thread_value(&thread_places, child);
	return 0;
}

/* The slots of its process are freed after its exit, so it must not claim another one. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(ebtop_run_gone, struct task_struct *task)
{
	struct thread_place *thread = thread_value(&thread_places, task);

	if (!thread)
		return 0;
	if (thread->round == sched_round && thread->place == ON_CPU)
		count_turn(task, thread);
	thread->round = sched_round;
	thread->place = GONE;
	return 0;
}

SEC("iter/task")
int ebtop_run_places(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && is_wanted(task->tgid))
		make_thread_value(&thread_places, task);
	return 0;
}
