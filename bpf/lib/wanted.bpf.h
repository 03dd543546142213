/* SPDX-License-Identifier: GPL-2.0 */
/* --pid and --comm: who becomes wanted, and when. Once wanted, a process stays so until it exits, and its children
 * are born wanted. */
#ifndef EBTOP_WANTED_BPF_H
#define EBTOP_WANTED_BPF_H

#include "task.bpf.h"

/* The glob of --comm as an automaton with a bit per position of the pattern; user space fills it. */
extern const volatile __u32 comm_match[256]; /* positions that accept this byte */
extern const volatile __u32 comm_stars;	     /* positions that are a `*`; never two in a row */
extern const volatile __u32 comm_accept;     /* the position behind the pattern; 0: no pattern */
/* Processes that an iterator added: the start is complete when a pass adds none. */
extern __u64 admitted;

static __always_inline bool comm_matches(const char *comm)
{
	__u32 state = 1 | (1 & comm_stars) << 1;

	for (int i = 0; i < WIRE_COMM_LEN; i++) {
		__u8 c = comm[i];

		if (!c)
			break;
		state = (state & comm_match[c]) << 1 | (state & comm_stars);
		state |= (state & comm_stars) << 1;
	}
	return state & comm_accept;
}

static __always_inline void admit(struct task_struct *task)
{
	__u32 pid = BPF_CORE_READ(task, tgid);
	__u64 start = process_start(task);

	bpf_map_update_elem(&wanted, &pid, &start, BPF_ANY);
}

/* The process of `task` is called `comm` from now on. True if it is wanted, by its new name or already. */
static __always_inline bool admit_by_comm(struct task_struct *task, const char *comm, bool *is_new)
{
	*is_new = false;
	if (is_wanted(BPF_CORE_READ(task, tgid)))
		return true;
	if (!comm_accept || !comm_matches(comm))
		return false;
	admit(task);
	*is_new = true;
	return true;
}

/* Of a process that an iterator finds: wanted, or a child of one that is, or called so. */
static __always_inline bool admit_found(struct task_struct *leader)
{
	char comm[WIRE_COMM_LEN];

	if (!only_wanted || is_wanted(leader->tgid))
		return true;
	if (!is_wanted(BPF_CORE_READ(leader, real_parent, tgid))) {
		if (!comm_accept)
			return false;
		bpf_core_read(comm, sizeof(comm), &leader->comm);
		if (!comm_matches(comm))
			return false;
	}
	admit(leader);
	__sync_fetch_and_add(&admitted, 1);
	return true;
}

#endif
