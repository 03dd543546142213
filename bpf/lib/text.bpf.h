/* SPDX-License-Identifier: GPL-2.0 */
/* Records that end in text of any length: built in per-CPU memory, then copied into the ring at their actual size. */
#ifndef EBTOP_TEXT_BPF_H
#define EBTOP_TEXT_BPF_H

#include "ring.bpf.h"

#define TEXT_FRONT 64 /* room for the largest struct before text: wire_exec */
#define TEXT_MAX 4096

/* Here and not on the stack: the older verifiers walk every step of a loop, and this way each begins in the same state. */
struct argv_walk {
	__u64 next;	/* address of the pointer to the next argument */
	__u64 argument; /* what is left of the current one; 0: the next one comes */
	__u32 at;	/* of the text */
	__u32 is_compat;
	__u32 is_complete;
	__u32 unused;
};

struct text_scratch {
	__u32 is_taken;
	__u32 index; /* among the text_scratches */
	struct argv_walk argv;
	__u8 front[TEXT_FRONT];
	char text[TEXT_MAX + 256 + 8]; /* padding after the last byte that counts */
};

/* Several, since from 7.0 on a program may be preempted by another one on the same CPU. */
#define TEXT_SCRATCHES 4
struct text_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TEXT_SCRATCHES);
	__type(key, __u32);
	__type(value, struct text_scratch);
};
extern struct text_map text_scratches SEC(".maps");

/* NULL if all are in use: the loss is counted. */
static __always_inline struct text_scratch *text_acquire(enum probe_id probe)
{
	for (int i = 0; i < TEXT_SCRATCHES; i++) {
		__u32 index = i;
		struct text_scratch *scratch = bpf_map_lookup_elem(&text_scratches, &index);

		if (scratch && try_take(&scratch->is_taken)) {
			scratch->index = index;
			return scratch;
		}
	}
	count_lost(probe);
	return NULL;
}

static __always_inline void text_release(struct text_scratch *scratch)
{
	give_back(&scratch->is_taken);
}

/* The struct of `type` in front of the scratch's text. */
#define text_record(scratch, type) ((type *)((scratch)->front + TEXT_FRONT - sizeof(type)))

/* Sends a record of `fixed` bytes (sizeof its struct) and `len` bytes of text. The caller has set head's type, pid and
 * start. */
static __always_inline bool text_send(enum probe_id probe, struct text_scratch *scratch, __u32 fixed, __u32 len)
{
	struct wire_head *head = (struct wire_head *)(scratch->front + TEXT_FRONT - fixed);
	__u32 size;

	if (len > TEXT_MAX)
		len = TEXT_MAX;
	__builtin_memset(scratch->text + len, 0, 8);
	size = (fixed + len + 7) & ~7u;
	head->size = size;
	head->time = bpf_ktime_get_boot_ns();
	barrier_var(size);
	if (size > TEXT_FRONT + TEXT_MAX)
		return false;
	if (bpf_ringbuf_output(&ring, head, size, BPF_RB_NO_WAKEUP)) {
		count_lost(probe);
		return false;
	}
	return true;
}

#endif
