/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers for objects that the kernel identifies only by an address, which it reuses at once: eventfds and pseudo
 * terminals. Each gets a number when it is made, by eventfd() or by opening ptmx, or if that was not seen, at its first
 * use.
 */
#ifndef EBTOP_BIRTH_BPF_H
#define EBTOP_BIRTH_BPF_H

#include "table.bpf.h"

struct birth_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct birth_slot);
};
extern struct birth_map births SEC(".maps");
extern struct occupied_map birth_occupied SEC(".maps");
extern const volatile __u32 birth_mask; /* capacity - 1 */

extern __u64 last_birth;
extern __u32 birth_pass; /* of the current or last pass over all descriptors */

/* Slots that an address may have. The loop is inlined: callers are at the limit of nested calls. */
#define BIRTH_WINDOW 16

static __always_inline __u64 next_birth(void)
{
	return next_number(&last_birth);
}

/* The user who opened the file. */
__weak __noinline __u32 share_of_opener(__u64 file)
{
	return share_of(holder_of(peek(struct file, (void *)file, f_cred)));
}

/* The slot of `address`, or the first free one; NULL if there is neither. */
static __always_inline struct birth_slot *birth_search(__u64 address, __u32 *index)
{
	__u32 hash = table_hash(address, table_secret);

	*index = WIRE_NO_SLOT;
	for (int i = 0; i < BIRTH_WINDOW; i++) {
		__u32 at = TABLE_SLOT(hash, i) & birth_mask;
		struct birth_slot *slot = bpf_map_lookup_elem(&births, &at);

		if (!slot || slot->key == address)
			return slot;
		if (*index == WIRE_NO_SLOT && slot->key == 0)
			*index = at;
	}
	return bpf_map_lookup_elem(&births, index);
}

static __always_inline bool birth_claim(struct birth_slot *slot, __u32 index, __u64 address, __u64 file)
{
	__u32 share = share_of_opener(file);

	if (!take_of_share(share, TABLE_BIRTH, birth_mask + 1))
		return false;
	if (claim(&slot->key, address, index) != 0) { /* the next use tries again */
		give_back_to_share(share, TABLE_BIRTH);
		return false;
	}
	slot->share = share;
	slot->number = next_birth();
	mark_occupied(&birth_occupied, index);
	return true;
}

/* The number of the object at `address`, which `file` refers to; `is_new`: it was just made. 0 if there is no room.
 * Global, like walk_path(). */
__weak __noinline __u64 birth_of(__u64 address, __u64 file, bool is_new)
{
	__u32 index;
	struct birth_slot *slot = birth_search(address, &index);

	if (!slot || (slot->key != address && !birth_claim(slot, index, address, file))) {
		__sync_fetch_and_add(&overflow[TABLE_BIRTH], 1);
		return 0;
	}
	if (is_new)
		slot->number = next_birth();
	if (slot->pass != birth_pass)
		slot->pass = birth_pass;
	return slot->number;
}

#endif
