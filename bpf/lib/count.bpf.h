/* SPDX-License-Identifier: GPL-2.0 */
/* The syscall table: how often each process made each call. Fallible only in a full table, which spills. */
#ifndef EBTOP_COUNT_BPF_H
#define EBTOP_COUNT_BPF_H

#include "task.bpf.h"
#include "tables.h"

struct syscall_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct syscall_slot);
};
extern struct syscall_map syscall_table SEC(".maps");

/* One bit per slot in use, so that a sweep touches only those. */
struct occupied_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65536 / 64);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u64);
};
extern struct occupied_map syscall_occupied SEC(".maps");

/* What found no room, per process, so that totals still balance. */
struct spill_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct spill_key);
	__type(value, struct spill_value);
};
extern struct spill_map spill SEC(".maps");
/* Counts that even the spill map had no room for. */
extern __u64 spill_overflow;

extern const volatile __u32 syscall_mask;	/* capacity - 1 */

static __always_inline void mark_occupied(void *map, __u32 index)
{
	__u32 word = index >> 6;
	__u64 *bits = bpf_map_lookup_elem(map, &word);

	if (bits)
		__sync_fetch_and_or(bits, 1ull << (index & 63));
}

static __always_inline struct spill_value *spill_of(__u32 pid, __u64 start)
{
	struct spill_key key = { .start = start, .pid = pid };
	struct spill_value zero = {}, *value = bpf_map_lookup_elem(&spill, &key);

	if (!value) {
		bpf_map_update_elem(&spill, &key, &zero, BPF_NOEXIST);
		value = bpf_map_lookup_elem(&spill, &key);
	}
	if (!value)
		__sync_fetch_and_add(&spill_overflow, 1);
	return value;
}

static __always_inline struct syscall_slot *syscall_claim(__u64 key, __u32 hash, __u64 start, __u32 *index)
{
	for (int i = 0; i < TABLE_WINDOW; i++) {
		__u32 at = (hash + i) & syscall_mask;
		struct syscall_slot *slot = bpf_map_lookup_elem(&syscall_table, &at);
		__u64 before;

		if (!slot)
			return NULL;
		if (slot->key != 0 && slot->key != key)
			continue;
		before = __sync_val_compare_and_swap(&slot->key, 0, key);
		if (before == 0) {
			slot->start = start;
			mark_occupied(&syscall_occupied, at);
		} else if (before != key) {
			continue;
		}
		*index = at;
		return slot;
	}
	return NULL;
}

/* The slot of (process, call), claimed when it is new; NULL when its window is full. */
static __always_inline struct syscall_slot *syscall_slot(__u64 key, __u64 start, __u32 *index)
{
	__u32 hash = key * TABLE_HASH >> 40;

	for (int i = 0; i < TABLE_WINDOW; i++) {
		__u32 at = (hash + i) & syscall_mask;
		struct syscall_slot *slot = bpf_map_lookup_elem(&syscall_table, &at);

		if (!slot)
			return NULL;
		if (slot->key == key) {
			*index = at;
			return slot;
		}
	}
	return syscall_claim(key, hash, start, index);
}

/* Adds one finished call. Returns its slot index, or WIRE_NO_SLOT if it went to the spill. */
static __always_inline __u32 count_syscall(__u32 pid, __u64 start, __u32 abi, __u32 nr, bool is_error)
{
	__u32 index = WIRE_NO_SLOT;
	struct syscall_slot *slot;

	if (nr > SYSCALL_NR_MAX)
		nr = SYSCALL_NR_MAX;
	slot = syscall_slot(SYSCALL_KEY(pid, start, abi, nr), start, &index);
	if (slot) {
		__sync_fetch_and_add(&slot->count, 1);
		if (is_error)
			__sync_fetch_and_add(&slot->errors, 1);
	} else {
		struct spill_value *value = spill_of(pid, start);

		if (value) {
			__sync_fetch_and_add(&value->calls, 1);
			if (is_error)
				__sync_fetch_and_add(&value->errors, 1);
		}
	}
	return index;
}

#endif
