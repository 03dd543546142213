/* SPDX-License-Identifier: GPL-2.0 */
/* The syscall table: how often each process made each call. */
#ifndef EBTOP_COUNT_BPF_H
#define EBTOP_COUNT_BPF_H

#include "line.bpf.h"
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
extern struct owners_map syscall_owners SEC(".maps");

/* An element for each possible CPU. */
struct call_lines_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct call_lines);
};
extern struct call_lines_map call_lines SEC(".maps");
extern const volatile __u32 syscall_mask; /* capacity - 1 */
extern const volatile bool count_calls;	  /* needed by a concern */

DEFINE_TABLE(syscall, TABLE_SYSCALL)

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

/* All numbers that no kernel has count as one. */
static __always_inline __u64 syscall_key(__u32 pid, __u64 start, __u32 abi, __u32 nr)
{
	return SYSCALL_KEY(pid, start, abi, nr < WIRE_CALL_NUMBERS ? nr : WIRE_NR_OTHER);
}

static __always_inline void add_calls(struct syscall_slot *slot, __u64 count, __u64 errors)
{
	__sync_fetch_and_add(&slot->counts.count, count);
	if (errors)
		__sync_fetch_and_add(&slot->counts.errors, errors);
}

/* Adds one finished call to its slot. Returns the slot's index, or WIRE_NO_SLOT if it was added to the spill. */
static __always_inline __u32 count_in_slot(__u64 key, __u32 pid, __u64 start, bool is_error)
{
	__u32 index = WIRE_NO_SLOT;
	struct syscall_slot *slot = syscall_near(key, &index);

	if (!slot) {
		index = syscall_place(key, start, pid);
		slot = bpf_map_lookup_elem(&syscall_table, &index);
	}
	if (!slot) {
		spill_syscall(pid, start, is_error);
		return WIRE_NO_SLOT;
	}
	add_calls(slot, 1, is_error);
	return index;
}

/* For callers other than ebtop_sys_exit. */
static __always_inline __u32 count_syscall(__u32 pid, __u64 start, __u32 abi, __u32 nr, bool is_error)
{
	return count_calls ? count_in_slot(syscall_key(pid, start, abi, nr), pid, start, is_error) : WIRE_NO_SLOT;
}

/* Global, so that it is verified once. */
__weak __noinline int take_call_line(struct call_line *line, __u64 key, __u32 index)
{
	struct syscall_slot *slot;
	__u32 before;

	if (!line)
		return 0;
	before = line->head.slot;
	slot = bpf_map_lookup_elem(&syscall_table, &before);
	if (open_line(&line->head) && slot)
		add_calls(slot, line->count, line->errors);
	line->count = 0;
	line->errors = 0;
	close_line(&line->head, key, index);
	return 0;
}

/* Like count_syscall(), through this CPU's lines. For ebtop_sys_exit only. */
static __always_inline __u32 count_by_line(__u32 pid, __u64 start, __u32 abi, __u32 nr, bool is_error)
{
	struct call_lines *lines;
	struct call_line *line;
	__u32 cpu, index;
	__u64 key;

	if (!has_lines)
		return count_syscall(pid, start, abi, nr, is_error);
	if (!count_calls)
		return WIRE_NO_SLOT;
	cpu = bpf_get_smp_processor_id();
	key = syscall_key(pid, start, abi, nr);
	lines = bpf_map_lookup_elem(&call_lines, &cpu);
	if (!lines)
		return WIRE_NO_SLOT;
	line = &lines->lines[(nr ^ pid) % LINES];
	if (line->head.key == key) {
		line->count++;
		if (is_error)
			line->errors++;
		return line->head.slot;
	}
	index = count_in_slot(key, pid, start, is_error);
	if (index != WIRE_NO_SLOT && is_line_due(&line->head))
		take_call_line(line, key, index);
	return index;
}

#endif
