/* SPDX-License-Identifier: GPL-2.0 */
/* How much of the tables each user may have, so that none takes all. Checked only where a slot is claimed. */
#ifndef EBTOP_SHARE_BPF_H
#define EBTOP_SHARE_BPF_H

#include "holder.bpf.h"
#include "tables.h"

struct share_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct share_slot);
};
extern struct share_map shares SEC(".maps");
extern const volatile __u32 share_mask;	  /* capacity - 1 */
extern const volatile __u64 table_secret; /* see table_hash() */

/* Claimed slots of each table. */
extern __u64 table_used[TABLE_COUNT];
/* Counts what found no room in each table. Only grows; user space maps it. */
extern __u64 overflow[TABLE_COUNT];

/* Slots of `shares` that a user's share may be in. */
#define SHARE_WINDOW 8

/* The index of the user's share, created if there is none. Another CPU may take the free slot first, for the same user
 * or another one: then the search is repeated once. */
static __always_inline __u32 share_of(__u32 uid)
{
	__u64 key = uid + 1ull, taken;
	__u32 hash = table_hash(key, table_secret), free;
	struct share_slot *share;

	for (int attempt = 0; attempt < 2; attempt++) {
		free = SHARE_OF_THE_REST;
		for (int i = 0; i < SHARE_WINDOW; i++) {
			__u32 at = TABLE_SLOT(hash, i) & share_mask;

			share = bpf_map_lookup_elem(&shares, &at);
			if (share && share->key == key)
				return at;
			if (share && share->key == 0 && free == SHARE_OF_THE_REST)
				free = at;
		}
		share = bpf_map_lookup_elem(&shares, &free);
		if (!share || free == SHARE_OF_THE_REST)
			break;
		taken = claim(&share->key, key, free);
		if (taken == 0 || taken == key)
			return free;
	}
	__sync_fetch_and_add(&overflow[TABLE_SHARE], 1);
	return SHARE_OF_THE_REST;
}

/* Takes one more slot of a table with `capacity`: allowed while the share has less than twice what is left of three
 * quarters. So a single user can have half of the table, there is always room for another user, and one key in 10,000
 * finds no free slot in its window. Global, like walk_path(). */
__weak __noinline bool take_of_share(__u32 index, __u32 table, __u32 capacity)
{
	struct share_slot *share = bpf_map_lookup_elem(&shares, &index);
	__s64 left;

	if (!share || table >= TABLE_COUNT)
		return false;
	left = (__s64)(capacity - capacity / 4) - (__s64)table_used[table];
	if ((__s64)share->used[table] >= 2 * left)
		return false;
	__sync_fetch_and_add(&share->used[table], 1);
	__sync_fetch_and_add(&table_used[table], 1);
	return true;
}

static __always_inline void give_back_to_share(__u32 index, __u32 table)
{
	struct share_slot *share = bpf_map_lookup_elem(&shares, &index);

	if (!share)
		return;
	__sync_fetch_and_add(&share->used[table], -1);
	__sync_fetch_and_add(&table_used[table], -1);
}

/* For the holder of process `pid`. A device's completion has any task as current. */
__weak __noinline __u32 share_of_process(__u32 pid)
{
	if (bpf_get_current_pid_tgid() >> 32 != pid)
		return SHARE_OF_THE_REST;
	return share_of(holder_of(own(struct task_struct, current_task(), cred)));
}

#endif
