/* SPDX-License-Identifier: GPL-2.0 */
/* The lock-free tables of tables.h: finding and claiming a slot, and the spill for what finds no room. */
#ifndef EBTOP_TABLE_BPF_H
#define EBTOP_TABLE_BPF_H

#include "task.bpf.h"
#include "tables.h"

/* One bit per slot in use, so that a sweep touches only those. */
struct occupied_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65536 / 64);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u64);
};

/* What found no room, per process, so that totals still balance. */
struct spill_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct spill_key);
	__type(value, struct spill_value);
};
extern struct spill_map spill SEC(".maps");

/* Calls that found no room in each table. Only grows; user space maps it. */
extern __u64 overflow[TABLE_COUNT];

static __always_inline __u32 table_hash(__u64 key)
{
	return key * TABLE_HASH >> 40;
}

static __always_inline void mark_occupied(void *map, __u32 index)
{
	__u32 word = index >> 6;
	__u64 *bits = bpf_map_lookup_elem(map, &word);

	if (bits)
		__sync_fetch_and_or(bits, 1ull << (index & 63));
}

static __noinline __attribute__((unused)) struct spill_value *spill_of(__u32 pid, __u64 start, enum table_id table)
{
	struct spill_key key = { .start = start, .pid = pid };
	struct spill_value zero = {}, *value = bpf_map_lookup_elem(&spill, &key);

	__sync_fetch_and_add(&overflow[table], 1);
	if (!value) {
		bpf_map_update_elem(&spill, &key, &zero, BPF_NOEXIST);
		value = bpf_map_lookup_elem(&spill, &key);
	}
	if (!value)
		__sync_fetch_and_add(&overflow[TABLE_SPILL], 1);
	return value;
}

/* Of all slots that a key may have, these are tried without a call; more would only make programs slow to load. */
#define TABLE_NEAR 2

/* A search of the whole window. Up to 6.1 the verifier does not see that bpf_loop's callback changes this, so nothing
 * may branch on found and free themselves: they are looked up, and WIRE_NO_SLOT is no index of any table. */
struct table_search {
	__u64 key;
	__u32 hash;
	__u32 found;
	__u32 free;
};

/* Defines over the array `table` of `type`, its occupied map and its mask:
 *	NAME_near(key, &index)	the key's slot, if it is one of the first
 *	NAME_place(key, start)	index of the key's slot, claimed if it is new; WIRE_NO_SLOT if its window is full */
#define DEFINE_TABLE(name, type, table, occupied, mask)                                                              \
	static __always_inline struct type *name##_near(__u64 key, __u32 *index)                                     \
	{                                                                                                            \
		__u32 hash = table_hash(key);                                                                        \
                                                                                                                     \
		for (int i = 0; i < TABLE_NEAR; i++) {                                                               \
			__u32 at = TABLE_SLOT(hash, i) & mask;                                                       \
			struct type *slot = bpf_map_lookup_elem(&table, &at);                                        \
                                                                                                                     \
			if (slot && slot->key == key) {                                                              \
				*index = at;                                                                         \
				return slot;                                                                         \
			}                                                                                            \
		}                                                                                                    \
		return NULL;                                                                                         \
	}                                                                                                            \
                                                                                                                     \
	static long name##_search(__u32 i, struct table_search *search)                                              \
	{                                                                                                            \
		__u32 at = TABLE_SLOT(search->hash, i) & mask;                                                       \
		struct type *slot = bpf_map_lookup_elem(&table, &at);                                                \
                                                                                                                     \
		if (!slot)                                                                                           \
			return 1;                                                                                    \
		if (slot->key == search->key) {                                                                      \
			search->found = at;                                                                          \
			return 1;                                                                                    \
		}                                                                                                    \
		if (slot->key == 0 && search->free == WIRE_NO_SLOT)                                                  \
			search->free = at;                                                                           \
		return 0;                                                                                            \
	}                                                                                                            \
                                                                                                                     \
	__weak __noinline __u32 name##_try_place(__u64 key, __u64 start)                                             \
	{                                                                                                            \
		struct table_search search = {                                                                       \
			.key = key, .hash = table_hash(key), .found = WIRE_NO_SLOT, .free = WIRE_NO_SLOT             \
		};                                                                                                   \
		struct type *slot;                                                                                   \
		__u64 before;                                                                                        \
                                                                                                                     \
		bpf_loop(TABLE_WINDOW, name##_search, &search, 0);                                                   \
		if (bpf_map_lookup_elem(&table, &search.found))                                                      \
			return search.found;                                                                         \
		slot = bpf_map_lookup_elem(&table, &search.free);                                                    \
		if (!slot)                                                                                           \
			return WIRE_NO_SLOT;                                                                         \
		before = __sync_val_compare_and_swap(&slot->key, 0, key);                                            \
		if (before != 0)                                                                                     \
			return before == key ? search.free : WIRE_NO_SLOT;                                           \
		slot->start = start;                                                                                 \
		mark_occupied(&occupied, search.free);                                                               \
		return search.free;                                                                                  \
	}                                                                                                            \
                                                                                                                     \
	/* Another key may take the free slot just before: then the next one is tried. */                            \
	static __always_inline __u32 name##_place(__u64 key, __u64 start)                                            \
	{                                                                                                            \
		__u32 index = name##_try_place(key, start);                                                          \
                                                                                                                     \
		return index == WIRE_NO_SLOT ? name##_try_place(key, start) : index;                                 \
	}

#endif
