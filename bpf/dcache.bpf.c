// SPDX-License-Identifier: GPL-2.0
// Names that were not in the directory cache, so the file system had to search for them. There is no tracepoint: only a
// kernel that allows programs at function entries shows them.
#include "lib/call-event.bpf.h"
#include "lib/wanted.bpf.h"

#define NAME_MAX 255

static long walk_up_step(__u32 index, struct path_context *context)
{
	struct path_scratch *scratch = context->scratch;
	struct dentry *dentry = scratch->dentry, *parent = peek(struct dentry, dentry, d_parent);

	if (parent == dentry || !path_prepend(scratch, dentry, true))
		return 1;
	scratch->dentry = parent;
	return 0;
}

/* Appends the path of a directory within its file system: which of the mounts was used is not known here. */
static __noinline int append_directory(struct call_event_scratch *scratch, struct dentry *directory)
{
	struct path_scratch *path = path_acquire();
	struct path_context context = {.scratch = path};
	__u32 at = scratch->at;

	if (!path) {
		scratch->record.name_flags |= WIRE_TEXT_TRUNCATED;
		end_string(scratch, at, 0);
		return 0;
	}
	path->position = WIRE_PATH_MAX;
	path->flags = 0;
	path->dentry = directory;
	loop(PATH_STEPS, PATH_STEPS, walk_up_step, &context);
	if (path->position == WIRE_PATH_MAX) {
		path->position = WIRE_PATH_MAX - 1;
		path->bytes[PATH_HEADER + WIRE_PATH_MAX - 1] = '/';
	}
	append_walked(scratch, path, at);
	return 0;
}

/* Called once for each such name, by open as by stat; a name whose absence is cached is no miss. */
SEC("fentry/d_alloc_parallel")
int BPF_PROG(ebtop_dcache, struct dentry *parent, const struct qstr *name)
{
	struct call_event_scratch *scratch;
	__u32 len;

	if (!is_wanted(bpf_get_current_task_btf()->tgid))
		return 0;
	scratch = call_event_acquire();
	if (!scratch)
		return 0;
	call_event_begin(scratch, WIRE_EVENT_DCACHE_MISS);
	len = peek(struct qstr, name, len) & NAME_MAX;
	barrier_var(len);
	len &= NAME_MAX;
	if (bpf_probe_read_kernel(scratch->text, len, peek(struct qstr, name, name)))
		len = 0;
	end_string(scratch, 0, len);
	append_directory(scratch, untrusted(struct dentry, parent));
	call_event_send(scratch);
	call_event_release(scratch);
	return 0;
}
