/* SPDX-License-Identifier: GPL-2.0 */
/* The lock-free tables of tables.h: finding and claiming a slot, and the spill for what finds no room. */
#ifndef EBTOP_TABLE_BPF_H
#define EBTOP_TABLE_BPF_H

#include "share.bpf.h"
#include "task.bpf.h"

/* One bit per slot in use, so that a sweep touches only those. */
struct occupied_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65536 / 64);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u64);
};

/* The share that each slot counts towards. */
struct owners_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u64);
};

/* Counts what found no room, per process, so that totals still add up. The key of zeros always exists, and has the
 * counts of processes that found no room here either. */
struct spill_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192 + 1);
	__type(key, struct spill_key);
	__type(value, struct spill_value);
};
extern struct spill_map spill SEC(".maps");
extern const volatile __u32 spill_capacity;

static __always_inline void mark_occupied(void *map, __u32 index)
{
	__u32 word = index >> 6;
	__u64 *bits = bpf_map_lookup_elem(map, &word);

	if (bits)
		set_bit(bits, 1ull << (index & 63));
}

static __always_inline void spill_claim(struct spill_key *key)
{
	struct spill_value value = {.share = share_of_process(key->pid)};

	if (!take_of_share(value.share, TABLE_SPILL, spill_capacity))
		return;
	if (bpf_map_update_elem(&spill, key, &value, BPF_NOEXIST))
		give_back_to_share(value.share, TABLE_SPILL);
}

static __noinline __attribute__((unused)) struct spill_value *spill_of(__u32 pid, __u64 start, enum table_id table)
{
	struct spill_key key = {.start = start, .pid = pid};
	struct spill_value *value = bpf_map_lookup_elem(&spill, &key);

	__sync_fetch_and_add(&overflow[table], 1);
	if (!value) {
		spill_claim(&key);
		value = bpf_map_lookup_elem(&spill, &key);
	}
	if (!value) {
		__sync_fetch_and_add(&overflow[TABLE_SPILL], 1);
		key.pid = key.start = 0;
		value = bpf_map_lookup_elem(&spill, &key);
	}
	return value;
}

/* The first slots that a key may have are tried inline; more would only make programs slow to load. */
#define TABLE_NEAR 2

/* A search of the whole window. Up to 6.1 the verifier does not know that bpf_loop's callback changes this, so no branch
 * may depend on found and free directly: they are looked up, and the lookup fails for WIRE_NO_SLOT. */
struct table_search {
	__u64 key;
	__u32 hash;
	__u32 found;
	__u32 free;
};

/* Defines over NAME_table of struct NAME_slot, NAME_occupied, NAME_owners and NAME_mask:
 *	NAME_near(key, &index)	the key's slot, if it is one of the first
 *	NAME_place(key, start, pid)	index of the key's slot, claimed if it is new; WIRE_NO_SLOT if its window or the share
 *				of the user of `pid` is full
 * A search of the window takes half a microsecond, so a free near slot is claimed without one. If the key has a slot further
 * away, from a time when the near ones were taken, it has two then: user space adds them up (SameKey in counter-table.h). */
#define DEFINE_TABLE(name, id) \
	static __always_inline struct name##_slot *name##_near(__u64 key, __u32 *index) \
	{ \
		__u32 hash = table_hash(key, table_secret); \
\
		for (int i = 0; i < TABLE_NEAR; i++) { \
			__u32 at = TABLE_SLOT(hash, i) & name##_mask; \
			struct name##_slot *slot = bpf_map_lookup_elem(&name##_table, &at); \
\
			if (slot && slot->key == key) { \
				*index = at; \
				return slot; \
			} \
		} \
		return NULL; \
	} \
\
	static long name##_search(__u32 i, struct table_search *search) \
	{ \
		__u32 at = TABLE_SLOT(search->hash, i) & name##_mask; \
		struct name##_slot *slot = bpf_map_lookup_elem(&name##_table, &at); \
\
		if (!slot) \
			return 1; \
		if (slot->key == search->key) { \
			search->found = at; \
			return 1; \
		} \
		if (slot->key == 0 && search->free == WIRE_NO_SLOT) \
			search->free = at; \
		return 0; \
	} \
\
	static __always_inline __u32 name##_claim(__u32 index, __u64 key, __u64 start, __u32 pid) \
	{ \
		struct name##_slot *slot = bpf_map_lookup_elem(&name##_table, &index); \
		__u64 *owner = bpf_map_lookup_elem(&name##_owners, &index); \
		__u32 share; \
		__u64 before; \
\
		if (!slot || !owner) \
			return WIRE_NO_SLOT; \
		share = share_of_process(pid); \
		if (!take_of_share(share, id, name##_mask + 1)) \
			return WIRE_NO_SLOT; \
		before = claim(&slot->key, key, index); \
		if (before != 0) { \
			give_back_to_share(share, id); \
			return before == key ? index : WIRE_NO_SLOT; \
		} \
		*owner = share; \
		order_stores(); \
		slot->start = start; \
		mark_occupied(&name##_occupied, index); \
		return index; \
	} \
\
	__weak __noinline __u32 name##_try_place(__u64 key, __u64 start, __u32 pid) \
	{ \
		struct table_search search = { \
			.key = key, .hash = table_hash(key, table_secret), .found = WIRE_NO_SLOT, .free = WIRE_NO_SLOT}; \
\
		loop(TABLE_WINDOW, TABLE_WINDOW, name##_search, &search); \
		if (bpf_map_lookup_elem(&name##_table, &search.found)) \
			return search.found; \
		return name##_claim(search.free, key, start, pid); \
	} \
\
	__weak __noinline __u32 name##_try_near(__u64 key, __u64 start, __u32 pid) \
	{ \
		__u32 hash = table_hash(key, table_secret), free = WIRE_NO_SLOT; \
\
		for (int i = 0; i < TABLE_NEAR; i++) { \
			__u32 at = TABLE_SLOT(hash, i) & name##_mask; \
			struct name##_slot *slot = bpf_map_lookup_elem(&name##_table, &at); \
\
			if (slot && slot->key == 0 && free == WIRE_NO_SLOT) \
				free = at; \
		} \
		return name##_claim(free, key, start, pid); \
	} \
\
	/* Another key may take the free slot first: then the next one is tried. */ \
	__weak __noinline __u32 name##_place(__u64 key, __u64 start, __u32 pid) \
	{ \
		__u32 index = name##_try_near(key, start, pid); \
\
		if (index == WIRE_NO_SLOT) \
			index = name##_try_place(key, start, pid); \
		return index == WIRE_NO_SLOT ? name##_try_place(key, start, pid) : index; \
	}

#endif
