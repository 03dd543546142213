/* SPDX-License-Identifier: GPL-2.0 */
/* The processes and threads that are followed, and the records of their steps. */
#ifndef EBTOP_FOLLOW_STEP_BPF_H
#define EBTOP_FOLLOW_STEP_BPF_H

#include "follow-goroutine.bpf.h"
#include "follow.bpf.h"
#include "process.bpf.h"
#include "ring.bpf.h"
#include "wanted.bpf.h"

/* NULL if it is not followed, or if the pid was reused. */
static __always_inline struct followed_process *followed_of(struct task_struct *task)
{
	__u32 pid = task->tgid;
	struct followed_process *process = bpf_map_lookup_elem(&followed, &pid);

	return process && process->start == process_start(task) ? process : NULL;
}

/* Whether it is the command or a descendant: followed daemons are wanted too. */
static __always_inline bool is_of_command(__u32 pid)
{
	return is_named(pid) && !bpf_map_lookup_elem(&followed, &pid);
}

/* What new entries begin as. Not on the stack, of which a program has 512 bytes for all of its functions. */
static const struct follow_thread fresh_thread = {.is_fresh = true};
static const struct followed_process fresh_process = {};
/* A goroutine waits for one connection at a time: so it has read no request from another one before. */
static const struct follow_thread fresh_goroutine = {};

static __always_inline __u64 own_key(struct task_struct *task)
{
	return actor_key(task->tgid, process_start(task), actor_of());
}

/* The state of the current thread or goroutine, if it has one. */
static __always_inline struct follow_thread *known_thread(struct task_struct *task)
{
	__u64 key = own_key(task);

	return bpf_map_lookup_elem(&follow_threads, &key);
}

/* The same, with its key; it gets one. */
static __always_inline struct follow_thread *thread_by_key(__u64 key)
{
	struct follow_thread *thread = bpf_map_lookup_elem(&follow_threads, &key);

	if (thread)
		return thread;
	keep_newest(&follow_threads, &key, is_goroutine(key) ? &fresh_goroutine : &fresh_thread, TABLE_FOLLOW_THREAD);
	return bpf_map_lookup_elem(&follow_threads, &key);
}

static __always_inline struct follow_thread *thread_of(struct task_struct *task)
{
	return thread_by_key(own_key(task));
}

static __always_inline bool is_in_budget(struct followed_process *process)
{
	__u64 second = bpf_ktime_get_boot_ns() >> NS_PER_SECOND_SHIFT;

	if (process->second != second) {
		process->second = second;
		process->steps = 0;
	}
	if (__sync_fetch_and_add(&process->steps, 1) < follow_budget)
		return true;
	__sync_fetch_and_add(&process->dropped, 1);
	__sync_fetch_and_add(&overflow[TABLE_FOLLOW_STEP], 1);
	return false;
}

static __always_inline struct wire_step *begin_step(struct task_struct *task, __u8 kind)
{
	struct wire_step *step = ring_reserve(PROBE_FOLLOW, WIRE_STEP, sizeof(*step), task->tgid, process_start(task));

	if (!step)
		return NULL;
	clear_body(step);
	step->tid = actor_of();
	step->kind = kind;
	return step;
}

/* NULL if there is no room, or if the budget of `process` (NULL: no budget) is used up. */
static __always_inline struct wire_step *next_step(struct task_struct *task, struct followed_process *process, __u8 kind)
{
	struct wire_step *step;

	if (process) {
		if (!is_in_budget(process))
			return NULL;
		if (process->dropped) {
			step = begin_step(task, WIRE_STEP_REDUCED);
			if (step) {
				step->bytes = __sync_fetch_and_and(&process->dropped, 0);
				ring_submit(step);
			}
		}
	}
	return begin_step(task, kind);
}

static __always_inline bool is_open_at(struct followed_process *process, __u64 now)
{
	return process->open_until > now;
}

static __always_inline bool is_open(struct followed_process *process)
{
	return is_open_at(process, bpf_ktime_get_boot_ns());
}

/* From now on its process is followed, and wanted like those of the command. */
static __always_inline struct followed_process *involve_task(struct task_struct *task)
{
	struct followed_process *process;
	__u32 pid = task->tgid;

	bpf_map_update_elem(&followed, &pid, &fresh_process, BPF_ANY);
	process = bpf_map_lookup_elem(&followed, &pid);
	if (!process || !admit_or_count(task)) {
		bpf_map_delete_elem(&followed, &pid);
		__sync_fetch_and_add(&overflow[TABLE_FOLLOWED], 1);
		return NULL;
	}
	process->start = process_start(task);
	send_process(untrusted(struct task_struct, task)->group_leader, PROBE_FOLLOW, WIRE_PROCESS, 0);
	return process;
}

static __noinline struct followed_process *involve(void)
{
	return involve_task(bpf_get_current_task_btf());
}

/* The current process and thread, if it is a daemon whose steps are sent now. */
static __always_inline struct followed_process *open_daemon(struct task_struct *task, struct follow_thread **thread)
{
	struct followed_process *process = followed_of(task);

	if (!process || !is_open(process))
		return NULL;
	*thread = thread_of(task);
	return *thread ? process : NULL;
}

#endif
