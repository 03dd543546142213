// SPDX-License-Identifier: GPL-2.0
// Iterates over every open descriptor, of all processes or of the wanted ones and their peers: finds what was opened before
// the session, is held open without use, or was missed when a record was lost.
#include "lib/other-end.bpf.h"
#include "lib/task.bpf.h"

/* Like path_output(), but into the iterator's buffer: header and name are adjacent. */
static __always_inline void write_object(struct seq_file *seq, struct path_scratch *scratch)
{
	struct wire_object *record = (void *)scratch->header;
	__u32 position = scratch->position, begin, size;

	if (position > WIRE_PATH_MAX)
		position = WIRE_PATH_MAX;
	size = (sizeof(*record) + WIRE_PATH_MAX - position + 7) & ~7u;
	record->head.size = size;
	begin = PATH_HEADER - sizeof(*record) + position;
	bpf_probe_read_kernel(scratch->bytes + begin, sizeof(*record), record);
	bpf_seq_write(seq, scratch->bytes + begin, size);
}

SEC("iter/task_file")
int ebtop_objects(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct path_scratch *scratch;
	struct wire_object *record;
	bool is_foreign;

	if (!task || !file)
		return 0;
	is_foreign = !is_wanted(task->tgid);
	if (is_foreign && !is_other_end(file))
		return 0;
	scratch = path_acquire();
	if (!scratch)
		return 0;
	scratch->fs = peek(struct task_struct, task, fs);
	fill_object(scratch, file, WIRE_HOW_HELD);
	record = (void *)scratch->header;
	record->head.pid = task->tgid;
	record->head.start = process_start(task);
	record->is_foreign = is_foreign;
	write_object(ctx->meta->seq, scratch);
	path_release(scratch);
	return 0;
}
