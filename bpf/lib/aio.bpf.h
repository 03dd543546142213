/* SPDX-License-Identifier: GPL-2.0 */
/* Native asynchronous I/O: whose a context is, and how many of its completions nobody saw. */
#ifndef EBTOP_AIO_BPF_H
#define EBTOP_AIO_BPF_H

#include "io.bpf.h"

#define IOCB_WRITE (1 << 18) /* kiocb.ki_flags, the same since 5.10 */
#define IOCB_CMD_PREAD 0
#define IOCB_CMD_PWRITE 1
#define IOCB_CMD_PREADV 7
#define IOCB_CMD_PWRITEV 8

/* The program's memory, the same for 32 bits. */
struct iocb {
	__u64 data;
	__u64 key;
	__u16 opcode;
	__s16 priority;
	__u32 descriptor;
};
struct io_event {
	__u64 data;
	__u64 obj; /* where its struct iocb is */
	__s64 res;
	__s64 res2;
};
#define AIO_RING_NR 4 /* of the places in a ring, its second word */

static __always_inline bool is_context_of(struct kioctx *context, struct mm_struct *mm)
{
	__u32 id = BPF_CORE_READ(context, id);
	struct kioctx_table *table = BPF_CORE_READ(mm, ioctx_table);
	void *at = (void *)table + bpf_core_field_offset(struct kioctx_table, table) + 8ull * id;
	struct kioctx *found = NULL;

	if (!table || id >= BPF_CORE_READ(table, nr))
		return false;
	bpf_probe_read_kernel(&found, sizeof(found), at);
	return found == context;
}

/* The memory that a mapping of the ring belongs to; after a fork the child has one too, but no context. */
static __always_inline struct mm_struct *owner_by_mapping(struct kioctx *context, struct rb_node *node)
{
	struct vm_area_struct *vma = (void *)node - bpf_core_field_offset(struct vm_area_struct, shared);
	struct mm_struct *mm;

	if (!node)
		return NULL;
	mm = BPF_CORE_READ(vma, vm_mm);
	return mm && is_context_of(context, mm) ? mm : NULL;
}

/* Who set the context up: whoever is current, or who has its ring mapped, for a device may interrupt anyone. NULL where
 * this cannot be found: a kernel without memory cgroups, or many forks. */
static __always_inline struct task_struct *context_owner(struct kioctx *context)
{
	struct task_struct *current = bpf_get_current_task_btf();
	struct mm_struct *mm = BPF_CORE_READ(current, mm);
	struct rb_node *node;

	if (mm && is_context_of(context, mm))
		return current;
	if (!bpf_core_field_exists(struct mm_struct, owner))
		return NULL;
	node = BPF_CORE_READ(context, aio_ring_file, f_inode, i_mapping, i_mmap.rb_root.rb_node);
	mm = owner_by_mapping(context, node);
	if (!mm && node)
		mm = owner_by_mapping(context, BPF_CORE_READ(node, rb_left))
			     ?: owner_by_mapping(context, BPF_CORE_READ(node, rb_right));
	return mm ? BPF_CORE_READ(mm, owner) : NULL;
}

static __always_inline bool is_transfer(__u16 opcode)
{
	return opcode == IOCB_CMD_PREAD || opcode == IOCB_CMD_PWRITE || opcode == IOCB_CMD_PREADV || opcode == IOCB_CMD_PWRITEV;
}

static __always_inline bool is_write(__u16 opcode)
{
	return opcode == IOCB_CMD_PWRITE || opcode == IOCB_CMD_PWRITEV;
}

struct aio_context {
	__u64 id;
	__u64 pid;
};

/* Requests of a context that io_getevents() has not given back. The oldest may go: they serve to notice a loss. */
struct aio_due_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct aio_context);
	__type(value, __s64);
};
extern struct aio_due_map aio_due SEC(".maps");

static __always_inline void note_reaped(__u32 pid, __u64 id, __s64 count)
{
	struct aio_context context = {id, pid};
	__s64 *due = bpf_map_lookup_elem(&aio_due, &context);

	if (due)
		__sync_fetch_and_add(due, -count);
}

/* More cannot be due than the ring has places: the program took the others from the ring itself, by no system call. Twice
 * as many are allowed, because another thread may be about to say that it took some. */
static __always_inline void note_submitted(__u32 pid, __u64 id, __s64 count)
{
	struct aio_context context = {id, pid};
	__s64 *due = bpf_map_lookup_elem(&aio_due, &context), excess;
	__u32 places = 0;

	if (!due) {
		bpf_map_update_elem(&aio_due, &context, &count, BPF_NOEXIST);
		return;
	}
	count += __sync_fetch_and_add(due, count);
	if (bpf_probe_read_user(&places, sizeof(places), (void *)(id + AIO_RING_NR)) || !places)
		return;
	excess = count - 2 * (__s64)places;
	if (excess <= 0)
		return;
	__sync_fetch_and_add(due, -excess);
	__sync_fetch_and_add(&lost[PROBE_AIO], excess);
}

#endif
