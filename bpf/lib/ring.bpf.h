/* SPDX-License-Identifier: GPL-2.0 */
/* Records into the ring buffer: reserves room, or counts the loss. */
#ifndef EBTOP_RING_BPF_H
#define EBTOP_RING_BPF_H

#include "kernel.bpf.h"
#include "tables.h"

struct ring_map {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
};
extern struct ring_map ring SEC(".maps");

/* Records that found no room, per probe. Only grows; user space maps it. */
extern __u64 lost[PROBE_COUNT];
/* Totals of the machine, wanted processes or not. */
extern __u64 forks, execs;

static __always_inline void count_lost(enum probe_id probe)
{
	__sync_fetch_and_add(&lost[probe], 1);
}

static __always_inline void *ring_reserve(enum probe_id probe, __u16 type, __u32 size, __u32 pid, __u64 start)
{
	struct wire_head *head = bpf_ringbuf_reserve(&ring, size, 0);

	if (!head) {
		count_lost(probe);
		return NULL;
	}
	head->type = type;
	head->size = size;
	head->pid = pid;
	head->start = start;
	head->time = bpf_ktime_get_boot_ns();
	return head;
}

/* Nothing sleeps on the ring (user space polls it), so no record needs an interrupt to wake a reader. */
static __always_inline void ring_submit(void *record)
{
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

#endif
