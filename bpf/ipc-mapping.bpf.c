// SPDX-License-Identifier: GPL-2.0
// Shared memory: which processes map it. Stores to it cause no event, so they cannot be counted.
#include "lib/mapping.bpf.h"
#include "lib/other-end.bpf.h"
#include "lib/tracepoint.bpf.h"

#define MAP_TYPE 0x0f
#define MAP_SHARED 1
#define MAP_SHARED_VALIDATE 3

static long announce_vma(struct task_struct *task, struct vm_area_struct *vma, void *unused)
{
	struct file *file = vma->vm_file;

	if (file && is_shared_memory(file))
		announce_mapping(task, file);
	return 0;
}

/* A tail call of ebtop_sys_exit for mmap. */
SYS_EXIT_PROG(ebtop_map)
{
	__u32 type = native_argument(regs, 3) & MAP_TYPE;

	if (ret < 0 || (type != MAP_SHARED && type != MAP_SHARED_VALIDATE))
		return 0;
	bpf_find_vma(bpf_get_current_task_btf(), ret, announce_vma, NULL, 0);
	return 0;
}

/* The inode number of a System V segment is its id. */
static __always_inline bool is_mapped_channel(struct file *file)
{
	return is_identified_channel(file) || is_channel(CHANNEL_SYSV_MEMORY(BPF_CORE_READ(file, f_inode, i_ino)));
}

/* Existing mappings. */
SEC("iter/task_vma")
int ebtop_mappings(struct bpf_iter__task_vma *ctx)
{
	struct task_struct *task = ctx->task;
	struct vm_area_struct *vma = ctx->vma;

	if (!task || !vma || task->pid != task->tgid || !(vma->vm_flags & VM_SHARED))
		return 0;
	if (!vma->vm_file || !is_shared_memory(vma->vm_file))
		return 0;
	if (is_wanted(task->tgid) || is_mapped_channel(vma->vm_file))
		announce_mapping(task, vma->vm_file);
	return 0;
}
