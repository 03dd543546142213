/* SPDX-License-Identifier: GPL-2.0 */
/* The identity of a task, and whether it is wanted. */
#ifndef EBTOP_TASK_BPF_H
#define EBTOP_TASK_BPF_H

#include "kernel.bpf.h"
#include "tables.h"

/* --pid and --comm: forks inherit membership. */
struct wanted_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct wanted_process);
};
extern struct wanted_map wanted SEC(".maps");
extern const volatile bool only_wanted;

/* Peers of wanted processes, as found by user space. Value: start time, 0: unknown. */
struct peer_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u64);
};
extern struct peer_map peers SEC(".maps");

/* In a session for all processes, `wanted` has the followed ones. */
static __always_inline bool is_named(__u32 tgid)
{
	return bpf_map_lookup_elem(&wanted, &tgid);
}

static __always_inline bool is_wanted(__u32 tgid)
{
	return !only_wanted || is_named(tgid);
}

static __always_inline bool is_peer(__u32 tgid, __u64 start)
{
	__u64 *known = bpf_map_lookup_elem(&peers, &tgid);

	return known && (*known == 0 || *known == start);
}

/* Start time of the process (group leader), nanoseconds of CLOCK_BOOTTIME. */
static __always_inline __u64 process_start(struct task_struct *task)
{
	struct task_struct *leader = peek(struct task_struct, task, group_leader);

	return peek(struct task_struct, leader, start_boottime);
}

#endif
