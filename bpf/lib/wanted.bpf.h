/* SPDX-License-Identifier: GPL-2.0 */
/* --pid and --comm: which processes become wanted, and when. A wanted process stays wanted until it exits, and its
 * children are wanted too. */
#ifndef EBTOP_WANTED_BPF_H
#define EBTOP_WANTED_BPF_H

#include "follow.bpf.h"
#include "share.bpf.h"
#include "task.bpf.h"

/* The glob of --comm as an automaton with one bit per position of the pattern; user space fills it. */
extern const volatile __u32 comm_match[256]; /* positions that accept this byte */
extern const volatile __u32 comm_stars;	     /* positions that are a `*`; never two in a row */
extern const volatile __u32 comm_accept;     /* the position after the pattern; 0: no pattern */
extern const volatile __u32 wanted_capacity;
/* Processes that an iterator added: the set of wanted processes is complete when a pass adds none. Processes that found
 * no room are found again by each pass. */
extern __u64 admitted, not_admitted;

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

/* False if there is no room for it. In a session for all processes the map only has followed ones, so there are no
 * shares. Global, so that it is verified once. */
__weak __noinline bool admit_process(__u32 pid, __u64 start, __u32 uid)
{
	struct wanted_process value = {.start = start, .share = SHARE_OF_THE_REST}, *known;

	if (is_following)
		mark_process(pid);
	if (only_wanted) {
		value.share = share_of(uid);
		value.has_share = 1;
		if (!take_of_share(value.share, TABLE_WANTED, wanted_capacity))
			return false;
	}
	if (!bpf_map_update_elem(&wanted, &pid, &value, BPF_NOEXIST))
		return true;
	if (only_wanted)
		give_back_to_share(value.share, TABLE_WANTED);
	known = bpf_map_lookup_elem(&wanted, &pid);
	if (known)
		known->start = start;
	return known != NULL;
}

static __always_inline bool admit(struct task_struct *task)
{
	return admit_process(BPF_CORE_READ(task, tgid), process_start(task), holder_of(BPF_CORE_READ(task, cred)));
}

/* Like admit(), but counts what found no room: for callers that see a process once. */
static __always_inline bool admit_or_count(struct task_struct *task)
{
	if (admit(task))
		return true;
	__sync_fetch_and_add(&overflow[TABLE_WANTED], 1);
	return false;
}

static __always_inline void dismiss(__u32 pid)
{
	struct wanted_process *known = bpf_map_lookup_elem(&wanted, &pid), value;

	if (!known)
		return;
	value = *known;
	if (!bpf_map_delete_elem(&wanted, &pid) && value.has_share)
		give_back_to_share(value.share, TABLE_WANTED);
}

/* The process of `task` gets the name `comm`. True if it is wanted, by the new name or already. */
static __always_inline bool admit_by_comm(struct task_struct *task, const char *comm, bool *is_new)
{
	*is_new = false;
	if (is_wanted(BPF_CORE_READ(task, tgid)))
		return true;
	if (!comm_accept || !comm_matches(comm))
		return false;
	*is_new = admit_or_count(task);
	return *is_new;
}

/* For a process that an iterator finds: it is wanted if it already was, is a child of a wanted one, or has a matching
 * name. Children that a followed daemon had before are not: those that it makes for the command are added at the fork. */
static __always_inline bool admit_found(struct task_struct *leader)
{
	char comm[WIRE_COMM_LEN];
	__u32 parent;

	if (!only_wanted || is_wanted(leader->tgid))
		return true;
	parent = BPF_CORE_READ(leader, real_parent, tgid);
	if (!is_wanted(parent) || bpf_map_lookup_elem(&followed, &parent)) {
		if (!comm_accept)
			return false;
		bpf_core_read(comm, sizeof(comm), &leader->comm);
		if (!comm_matches(comm))
			return false;
	}
	if (!admit(leader)) {
		__sync_fetch_and_add(&not_admitted, 1);
		return false;
	}
	__sync_fetch_and_add(&admitted, 1);
	return true;
}

#endif
