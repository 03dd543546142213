/* SPDX-License-Identifier: GPL-2.0 */
/* The syscall table: how often each process made each call. */
#ifndef EBTOP_COUNT_BPF_H
#define EBTOP_COUNT_BPF_H

#include "table.bpf.h"

struct syscall_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct syscall_slot);
};
extern struct syscall_map syscall_table SEC(".maps");
extern struct occupied_map syscall_occupied SEC(".maps");
extern const volatile __u32 syscall_mask;	/* capacity - 1 */
extern const volatile bool count_calls;		/* somebody wants them */

DEFINE_TABLE(syscall, syscall_slot, syscall_table, syscall_occupied, syscall_mask)

__weak __noinline int spill_syscall(__u32 pid, __u64 start, bool is_error)
{
	struct spill_value *value = spill_of(pid, start, TABLE_SYSCALL);

	if (!value)
		return 0;
	__sync_fetch_and_add(&value->calls, 1);
	if (is_error)
		__sync_fetch_and_add(&value->errors, 1);
	return 0;
}

/* Adds one finished call. Returns its slot index, or WIRE_NO_SLOT if it went to the spill. */
static __always_inline __u32 count_syscall(__u32 pid, __u64 start, __u32 abi, __u32 nr, bool is_error)
{
	__u32 index = WIRE_NO_SLOT;
	struct syscall_slot *slot;
	__u64 key;

	if (!count_calls)
		return index;
	if (nr >= WIRE_CALL_NUMBERS)
		nr = WIRE_NR_OTHER;
	key = SYSCALL_KEY(pid, start, abi, nr);
	slot = syscall_near(key, &index);
	if (!slot) {
		index = syscall_place(key, start);
		slot = bpf_map_lookup_elem(&syscall_table, &index);
	}
	if (!slot) {
		spill_syscall(pid, start, is_error);
		return WIRE_NO_SLOT;
	}
	__sync_fetch_and_add(&slot->count, 1);
	if (is_error)
		__sync_fetch_and_add(&slot->errors, 1);
	return index;
}

#endif
