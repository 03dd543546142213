/* SPDX-License-Identifier: GPL-2.0 */
/* The cgroup of a task: its id, and its path when it is first seen, so that even a container that lives for 2 ms has a
 * name. */
#ifndef EBTOP_CGROUP_BPF_H
#define EBTOP_CGROUP_BPF_H

#include "path.bpf.h"

/* Components of the longest path: each has a slash and a name. */
#define CGROUP_DEPTH_MAX (WIRE_PATH_MAX / 2)
#define HIERARCHY_MEMORY 1 /* where the memory controller has its own hierarchy */

/* cgroups whose path was sent. Evicted ones are sent again; user space drops repeats. */
struct cgroup_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u64);
	__type(value, __u8);
};
extern struct cgroup_map cgroups_sent SEC(".maps");

/* Some controllers have v1 hierarchies of their own; the unified hierarchy may then say nothing. */
extern const volatile bool is_cgroup_hybrid;

struct cgroup_view {
	struct cgroup *cgroup;
	int level;
	__u64 hierarchy;
};

/* The deepest is the most specific: with a v1 or hybrid layout, containers often stay at the root of the unified
 * hierarchy. */
static __always_inline void cgroup_consider(struct cgroup_view *best, struct css_set *set, int subsys, __u64 hierarchy)
{
	void *at = (void *)set + bpf_core_field_offset(struct css_set, subsys) + subsys * sizeof(void *);
	struct cgroup_subsys_state *state = NULL;
	struct cgroup *cgroup;
	int level;

	bpf_probe_read_kernel(&state, sizeof(state), at);
	if (!state)
		return;
	cgroup = peek(struct cgroup_subsys_state, state, cgroup);
	level = peek(struct cgroup, cgroup, level);
	if (!cgroup || level <= best->level)
		return;
	best->cgroup = cgroup;
	best->level = level;
	best->hierarchy = hierarchy;
}

#define CONSIDER(best, set, name, hierarchy) \
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, name)) \
	cgroup_consider(best, set, bpf_core_enum_value(enum cgroup_subsys_id, name), hierarchy)

static __always_inline struct kernfs_node *cgroup_node(struct task_struct *task, __u64 *hierarchy)
{
	struct css_set *set = peek(struct task_struct, task, cgroups);
	struct cgroup *cgroup = peek(struct css_set, set, dfl_cgrp);
	struct cgroup_view best = {.cgroup = cgroup};

	if (is_cgroup_hybrid) {
		best.level = peek(struct cgroup, cgroup, level);
		CONSIDER(&best, set, memory_cgrp_id, HIERARCHY_MEMORY);
		CONSIDER(&best, set, pids_cgrp_id, 2);
		CONSIDER(&best, set, devices_cgrp_id, 3);
	}
	*hierarchy = best.hierarchy;
	cgroup = best.cgroup;
	return peek(struct cgroup, cgroup, kn);
}

static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *node)
{
	if (bpf_core_field_exists(node->__parent))
		return BPF_CORE_READ(node, __parent);
	return BPF_CORE_READ((struct kernfs_node___6_14 *)node, parent);
}

struct kernfs_walk {
	struct path_scratch *scratch;
	struct kernfs_node *node;
};

/* Prepends a name. Its length is unknown, so it is first read into the beginning of the buffer. */
static long kernfs_step(__u32 index, struct kernfs_walk *walk)
{
	struct path_scratch *scratch = walk->scratch;
	struct kernfs_node *node = walk->node, *parent = kernfs_parent(node);
	__u32 position = scratch->position, len;
	long got;

	if (!parent) {
		scratch->flags = 0;
		return 1;
	}
	got = bpf_probe_read_kernel_str(scratch->name, sizeof(scratch->name), BPF_CORE_READ(node, name));
	if (got <= 1 || position < got || position > WIRE_PATH_MAX)
		return 1;
	len = (got - 1) & 255;
	position -= len;
	bpf_probe_read_kernel(scratch->bytes + PATH_HEADER + (position & (WIRE_PATH_MAX - 1)), len, scratch->name);
	position--;
	scratch->bytes[PATH_HEADER + (position & (WIRE_PATH_MAX - 1))] = '/';
	scratch->position = position;
	walk->node = parent;
	return 0;
}

static __noinline bool cgroup_send(struct kernfs_node *node, __u64 id, enum probe_id probe)
{
	struct kernfs_walk walk = {.scratch = path_acquire(), .node = node};
	struct path_scratch *scratch = walk.scratch;
	struct wire_name name = {
		.head.type = WIRE_NAME,
		.head.time = bpf_ktime_get_boot_ns(),
		.id = id,
		.kind = WIRE_NAME_CGROUP,
	};
	bool is_sent;

	if (!scratch) {
		count_lost(probe);
		return false;
	}
	scratch->position = WIRE_PATH_MAX;
	scratch->flags = WIRE_TEXT_TRUNCATED; /* until the walk has reached the root */
	loop(128, CGROUP_DEPTH_MAX, kernfs_step, &walk);
	if (scratch->position == WIRE_PATH_MAX) {
		scratch->position--;
		scratch->bytes[PATH_HEADER + WIRE_PATH_MAX - 1] = '/';
	}
	name.len = path_len(scratch);
	name.flags = scratch->flags;
	is_sent = path_output(scratch, probe, &name, sizeof(name));
	path_release(scratch);
	return is_sent;
}

static __always_inline __u64 key_of_node(struct kernfs_node *node, __u64 hierarchy)
{
	return peek(struct kernfs_node, node, id) | hierarchy << 60;
}

/* The id of a node in a hierarchy, whose path is sent the first time. */
static __always_inline __u64 node_id(struct kernfs_node *node, __u64 hierarchy, enum probe_id probe)
{
	__u64 id = key_of_node(node, hierarchy);
	__u8 one = 1;

	if (!bpf_map_lookup_elem(&cgroups_sent, &id) && cgroup_send(node, id, probe))
		bpf_map_update_elem(&cgroups_sent, &id, &one, BPF_ANY);
	return id;
}

/* Id of the task's cgroup for wire_process.cgroup. Ids are unique only within a hierarchy, so it includes the hierarchy. */
static __always_inline __u64 cgroup_id(struct task_struct *task, enum probe_id probe)
{
	__u64 hierarchy;
	struct kernfs_node *node = cgroup_node(task, &hierarchy);

	return node_id(node, hierarchy, probe);
}

#endif
