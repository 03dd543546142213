/* SPDX-License-Identifier: GPL-2.0 */
/* The whole argv of a process at exec: its pages have just been written, so reading them does not fault. Later the
 * program may overwrite them. */
#ifndef EBTOP_ARGS_BPF_H
#define EBTOP_ARGS_BPF_H

#include "task.bpf.h"
#include "text.bpf.h"

extern const volatile bool no_args;

static __always_inline __u32 args_bytes(struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);

	return BPF_CORE_READ(mm, arg_end) - BPF_CORE_READ(mm, arg_start);
}

/* Global, like walk_path(). Returns whether there may be more. */
__weak __noinline int send_args_chunk(__u32 index, __u64 from, __u32 offset, __u32 total, __u32 whole)
{
	struct text_scratch *scratch = bpf_map_lookup_elem(&text_scratches, &index);
	__u32 len = total - offset;
	struct wire_text *record;

	if (!scratch || offset >= total)
		return 0;
	if (len > WIRE_ARGS_CHUNK)
		len = WIRE_ARGS_CHUNK;
	barrier_var(len);
	if (len > WIRE_ARGS_CHUNK || bpf_probe_read_user(scratch->text, len, (void *)(from + offset)))
		return 0;
	record = text_record(scratch, struct wire_text);
	record->head.type = WIRE_ARGS;
	record->offset = offset;
	record->total = total;
	record->len = len;
	record->flags = whole > total ? WIRE_TEXT_TRUNCATED : 0;
	return text_send(PROBE_EXEC, scratch, sizeof(*record), len);
}

/* Sends argv in chunks, at most WIRE_ARGS_MAX: one exec must not fill the ring. */
static __always_inline void send_args(struct task_struct *task, struct text_scratch *scratch)
{
	struct wire_text *record = text_record(scratch, struct wire_text);
	__u64 from = BPF_CORE_READ(task, mm, arg_start);
	__u32 whole = args_bytes(task), total = whole > WIRE_ARGS_MAX ? WIRE_ARGS_MAX : whole, index = scratch->index;

	record->head.pid = BPF_CORE_READ(task, tgid);
	record->head.start = process_start(task);
	for (__u32 offset = 0; offset < WIRE_ARGS_MAX; offset += WIRE_ARGS_CHUNK)
		if (!send_args_chunk(index, from, offset, total, whole))
			break;
}

#endif
