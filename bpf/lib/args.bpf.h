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

struct args_walk {
	struct text_scratch *scratch;
	const char *from;
	__u32 whole, total, offset;
};

static long send_args_chunk(__u64 index, struct args_walk *walk)
{
	struct text_scratch *scratch = walk->scratch;
	__u32 len = walk->total - walk->offset;
	struct wire_text *record;

	if (walk->offset >= walk->total)
		return 1;
	if (len > WIRE_ARGS_CHUNK)
		len = WIRE_ARGS_CHUNK;
	barrier_var(len);
	if (len > WIRE_ARGS_CHUNK || bpf_probe_read_user(scratch->text, len, walk->from + walk->offset))
		return 1;
	record = text_record(scratch, struct wire_text);
	record->head.type = WIRE_ARGS;
	record->offset = walk->offset;
	record->total = walk->total;
	record->len = len;
	record->flags = walk->whole > walk->total ? WIRE_TEXT_TRUNCATED : 0;
	walk->offset += len;
	return !text_send(PROBE_EXEC, scratch, sizeof(*record), len);
}

/* Sends argv in chunks, at most WIRE_ARGS_MAX: one exec must not fill the ring. */
static __always_inline void send_args(struct task_struct *task, struct text_scratch *scratch)
{
	struct wire_text *record = text_record(scratch, struct wire_text);
	struct args_walk walk = {
		.scratch = scratch,
		.from = (const char *)BPF_CORE_READ(task, mm, arg_start),
		.whole = args_bytes(task),
	};

	record->head.pid = BPF_CORE_READ(task, tgid);
	record->head.start = process_start(task);
	walk.total = walk.whole > WIRE_ARGS_MAX ? WIRE_ARGS_MAX : walk.whole;
	bpf_loop(WIRE_ARGS_MAX / WIRE_ARGS_CHUNK, send_args_chunk, &walk, 0);
}

#endif
