/* SPDX-License-Identifier: GPL-2.0 */
/* How a line of this CPU (tables.h) is reassigned to another slot. For ebtop_sys_exit only. */
#ifndef EBTOP_LINE_BPF_H
#define EBTOP_LINE_BPF_H

#include "kernel.bpf.h"
#include "tables.h"

static __always_inline bool is_line_due(struct line *line)
{
	return ++line->misses % LINE_PATIENCE == 0;
}

/* Begins a takeover. True if the line held counts for line->slot: the caller now owns them and must add them. */
static __always_inline bool open_line(struct line *line)
{
	*(volatile __u32 *)&line->sequence += 1;
	return __sync_lock_test_and_set(&line->key, 0) != 0;
}

/* Ends it; the counts are already those of the new key. The exchange orders what was written before it. */
static __always_inline void close_line(struct line *line, __u64 key, __u32 slot)
{
	line->slot = slot;
	__sync_lock_test_and_set(&line->key, key);
	*(volatile __u32 *)&line->sequence += 1;
}

#endif
