/* SPDX-License-Identifier: GPL-2.0 */
/* Full paths, as readlink() of /proc/self/fd/N in the current process (or in that of scratch->fs) would give them, for any open
 *file.
 *
 *	struct path_scratch *scratch = path_acquire();
 *
 *	if (scratch) {
 *		path_walk(scratch, file);
 *		header->name_len = path_len(scratch); header->name_flags = scratch->flags;
 *		path_output(scratch, PROBE_…, header, sizeof(*header));
 *		path_release(scratch);
 *	}
 */
#ifndef EBTOP_PATH_BPF_H
#define EBTOP_PATH_BPF_H

#include "ring.bpf.h"

#define PATH_HEADER 256 /* room for the record before the path */
/* Components and mounts: more than fit into 4096 bytes; in the old form as many as the verifier walks through. */
#define PATH_STEPS by_form(768, 2112)

/* The path is written backwards and ends at PATH_HEADER + WIRE_PATH_MAX; the rest stays zero. */
struct path_scratch {
	__u32 is_taken;
	__u32 position; /* of the first byte, 0 to WIRE_PATH_MAX */
	__u32 flags;	/* enum wire_text_flag */
	__u32 steps;
	__u32 index; /* among the path_scratches */
	__u32 reserved;
	struct fs_struct *fs; /* of the process at whose root the path begins; by default the current process */
	struct file *file;
	struct dentry *dentry;
	struct vfsmount *mnt;
	struct dentry *root_dentry;
	struct vfsmount *root_mnt;
	char header[PATH_HEADER];
	char name[256];					   /* for the current owner of the scratch: stack is scarce */
	char bytes[2 * (PATH_HEADER + WIRE_PATH_MAX) + 8]; /* the second half is for the verifier */
};

/* Several, since a program may be interrupted or preempted by another one on the same CPU. */
#define PATH_SCRATCHES 4
struct path_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PATH_SCRATCHES);
	__type(key, __u32);
	__type(value, struct path_scratch);
};
extern struct path_map path_scratches SEC(".maps");

/* NULL if all are in use: then count the loss. */
static __always_inline struct path_scratch *path_acquire(void)
{
	for (int i = 0; i < PATH_SCRATCHES; i++) {
		__u32 index = i;
		struct path_scratch *scratch = bpf_map_lookup_elem(&path_scratches, &index);

		if (scratch && try_take(&scratch->is_taken)) {
			scratch->fs = own(struct task_struct, untrusted(struct task_struct, current_task()), fs);
			scratch->index = index;
			return scratch;
		}
	}
	return NULL;
}

static __always_inline void path_release(struct path_scratch *scratch)
{
	give_back(&scratch->is_taken);
}

static __always_inline __u32 path_len(struct path_scratch *scratch)
{
	return WIRE_PATH_MAX - scratch->position;
}

/* Prepends a dentry's name. False if there is no room: then only the end of the path is kept. */
static __always_inline bool path_prepend(struct path_scratch *scratch, struct dentry *dentry, bool with_slash)
{
	__u32 len = peek(struct dentry, dentry, d_name.len) & 255;
	const unsigned char *name = peek(struct dentry, dentry, d_name.name);
	__u32 position = scratch->position;

	if (position < len + with_slash || position > WIRE_PATH_MAX) {
		scratch->flags |= WIRE_TEXT_TRUNCATED;
		return false;
	}
	position -= len;
	bpf_probe_read_kernel(scratch->bytes + PATH_HEADER + (position & (WIRE_PATH_MAX - 1)), len, name);
	if (with_slash) {
		position--;
		scratch->bytes[PATH_HEADER + (position & (WIRE_PATH_MAX - 1))] = '/';
	}
	scratch->position = position;
	return true;
}

/* Moves from the root of a mount to its mount point. False at the top of the mount tree. */
static __always_inline bool path_leave_mount(struct path_scratch *scratch, struct vfsmount *mnt)
{
	struct mount *mount = (void *)mnt - bpf_core_field_offset(struct mount, mnt);
	struct mount *parent = peek(struct mount, mount, mnt_parent);

	if (parent == mount || !parent)
		return false;
	scratch->dentry = peek(struct mount, mount, mnt_mountpoint);
	scratch->mnt = (void *)parent + bpf_core_field_offset(struct mount, mnt);
	return true;
}

struct path_context {
	struct path_scratch *scratch;
};

static long path_step(__u32 index, struct path_context *context)
{
	struct path_scratch *scratch = context->scratch;
	struct dentry *dentry = scratch->dentry, *parent;
	struct vfsmount *mnt = scratch->mnt;

	scratch->steps = index;
	if (dentry == scratch->root_dentry && mnt == scratch->root_mnt)
		return 1;
	if (dentry == peek(struct vfsmount, mnt, mnt_root))
		return !path_leave_mount(scratch, mnt);
	parent = peek(struct dentry, dentry, d_parent);
	if (dentry == parent) { /* a file of a pseudo file system: it has only a name */
		path_prepend(scratch, dentry, false);
		return 1;
	}
	if (!path_prepend(scratch, dentry, true))
		return 1;
	scratch->dentry = parent;
	return 0;
}

/* The walk from scratch->file. Not static: a global function is verified once, instead of at each call. */
__weak __noinline int walk_path(REFERENCE(struct path_scratch) reference)
{
	struct path_scratch *scratch = referred(&path_scratches, reference);
	struct path_context context = {.scratch = scratch};
	struct fs_struct *fs;
	struct dentry *dentry;
	struct vfsmount *mnt;
	struct file *file;
	bool is_root;

	if (!scratch)
		return 0;
	fs = scratch->fs;
	file = scratch->file;
	dentry = peek(struct file, file, f_path.dentry);
	mnt = peek(struct file, file, f_path.mnt);
	is_root = dentry == peek(struct vfsmount, mnt, mnt_root);
	scratch->position = WIRE_PATH_MAX;
	scratch->flags = 0;
	scratch->dentry = dentry;
	scratch->mnt = mnt;
	scratch->root_dentry = peek(struct fs_struct, fs, root.dentry);
	scratch->root_mnt = peek(struct fs_struct, fs, root.mnt);
	if (!is_root && !peek(struct dentry, dentry, d_hash.pprev) && dentry != peek(struct dentry, dentry, d_parent))
		scratch->flags = WIRE_TEXT_DELETED;
	loop(PATH_STEPS, PATH_STEPS, path_step, &context);
	if (scratch->steps >= PATH_STEPS - 1)
		scratch->flags |= WIRE_TEXT_TRUNCATED;
	if (scratch->position == WIRE_PATH_MAX && is_root) { /* the root itself */
		scratch->position = WIRE_PATH_MAX - 1;
		scratch->bytes[PATH_HEADER + WIRE_PATH_MAX - 1] = '/';
	}
	return 0;
}

/* Fills bytes, position and flags. A rename during the walk can mix old and new names, which is harmless. */
static __always_inline void path_walk(struct path_scratch *scratch, struct file *file)
{
	scratch->file = file;
	walk_path(refer_to(scratch));
}

/* Sends header and path as one record; header points to a struct that begins with a wire_head and is at most
 * PATH_HEADER bytes long. Sets head.size. False if the ring had no room: the loss is counted. */
static __always_inline bool path_output(struct path_scratch *scratch, enum probe_id probe, void *header, __u32 header_size)
{
	__u32 position = scratch->position;
	__u32 begin, size;

	if (position > WIRE_PATH_MAX)
		position = WIRE_PATH_MAX;
	size = (header_size + WIRE_PATH_MAX - position + 7) & ~7u;
	((struct wire_head *)header)->size = size;
	begin = PATH_HEADER - header_size + position;
	bpf_probe_read_kernel(scratch->bytes + begin, header_size, header);
	if (bpf_ringbuf_output(&ring, scratch->bytes + begin, size, 0)) {
		count_lost(probe);
		return false;
	}
	return true;
}

#endif
