/* SPDX-License-Identifier: GPL-2.0 */
/* Time spent in system calls: entry times per thread, sums and logarithmic buckets per (process, call). */
#ifndef EBTOP_LATENCY_BPF_H
#define EBTOP_LATENCY_BPF_H

#include "kernel.bpf.h"
#include "tables.h"

/* When thread `index` entered its call, 0 if before attach; after its end how long it took, with HAS_ENDED. One entry for each
 * possible thread id. */
#define HAS_ENDED (1ull << 63)
struct entered_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
};
extern struct entered_map entered SEC(".maps");

/* Same index as the syscall table. */
struct latency_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct latency_slot);
};
extern struct latency_map latency_table SEC(".maps");
extern const volatile bool measure_latency;

static __always_inline __u32 log2_of(__u64 ns)
{
	__u32 high = ns >> 32, low = ns, shift, bucket = 0;

	if (high) {
		low = high;
		bucket = 32;
	}
	shift = (low > 0xffff) << 4;
	low >>= shift;
	bucket += shift;
	shift = (low > 0xff) << 3;
	low >>= shift;
	bucket += shift;
	shift = (low > 0xf) << 2;
	low >>= shift;
	bucket += shift;
	shift = (low > 0x3) << 1;
	low >>= shift;
	bucket += shift;
	bucket += low >> 1;
	return bucket < WIRE_LATENCY_BUCKETS ? bucket : WIRE_LATENCY_BUCKETS - 1;
}

static __always_inline void raise_max(__u64 *max, __u64 ns)
{
	for (int i = 0; i < 8; i++) {
		__u64 before = *(volatile __u64 *)max;

		if (ns <= before || replace(max, before, ns))
			return;
	}
}

static __always_inline void add_time(struct latency_slot *slot, __u64 ns)
{
	__u32 bucket = log2_of(ns);

	__sync_fetch_and_add(&slot->total_ns, ns);
	if (bucket < WIRE_LATENCY_BUCKETS)
		__sync_fetch_and_add(&slot->buckets[bucket], 1);
	raise_max(&slot->max_ns, ns);
}

/* The call of thread tid, counted in syscall slot `index`, has ended. */
static __always_inline void add_latency(__u32 tid, __u32 index)
{
	__u64 now = bpf_ktime_get_ns(), ns, *at;
	struct latency_slot *slot;

	at = bpf_map_lookup_elem(&entered, &tid);
	if (!at || !*at || *at & HAS_ENDED)
		return;
	ns = now - *at;
	*at = ns | HAS_ENDED;
	slot = bpf_map_lookup_elem(&latency_table, &index);
	if (slot)
		add_time(slot, ns);
}

/* How long the call of thread tid that has just ended took; 0: not known. */
static __always_inline __u64 took(__u32 tid)
{
	__u64 *at = measure_latency ? bpf_map_lookup_elem(&entered, &tid) : NULL;

	return at && *at & HAS_ENDED ? *at & ~HAS_ENDED : 0;
}

#endif
