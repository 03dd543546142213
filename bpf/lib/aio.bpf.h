/* SPDX-License-Identifier: GPL-2.0 */
/* Native asynchronous I/O: the owner of a context, and how many of its completions were not seen. */
#ifndef EBTOP_AIO_BPF_H
#define EBTOP_AIO_BPF_H

#include "io.bpf.h"

#define IOCB_WRITE (1 << 18) /* kiocb.ki_flags, the same since 5.10 */
#define IOCB_CMD_PREAD 0
#define IOCB_CMD_PWRITE 1
#define IOCB_CMD_PREADV 7
#define IOCB_CMD_PWRITEV 8

/* The program's memory; the layout is the same for 32 bits. */
struct iocb {
	__u64 data;
	__u64 key;
	__u16 opcode;
	__s16 priority;
	__u32 descriptor;
};
struct io_event {
	__u64 data;
	__u64 obj; /* address of its struct iocb */
	__s64 res;
	__s64 res2;
};

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

/* The address space that a mapping of the ring belongs to. After a fork the child has such a mapping too, but no
 * context. */
static __always_inline struct mm_struct *owner_by_mapping(struct kioctx *context, struct rb_node *node)
{
	struct vm_area_struct *vma = (void *)node - bpf_core_field_offset(struct vm_area_struct, shared);
	struct mm_struct *mm;

	if (!node)
		return NULL;
	mm = BPF_CORE_READ(vma, vm_mm);
	return mm && is_context_of(context, mm) ? mm : NULL;
}

/* The process that set up the context: the current one or another one that maps the ring, since a device may interrupt
 * any task. NULL if it cannot be found: on a kernel without memory cgroups, or after many forks. */
static __always_inline struct task_struct *context_owner(struct kioctx *context)
{
	struct task_struct *current = current_task();
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

/* Requests of a process that io_getevents() has not returned. Stored with the process, where others cannot evict it. */
struct aio_due {
	__s64 count;
	__s64 looked_up_to; /* beyond it, the capacity of its contexts is read again */
};
struct aio_due_map {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct aio_due);
};
extern struct aio_due_map aio_due SEC(".maps");

static __always_inline void note_reaped(struct task_struct *task, __s64 count)
{
	struct aio_due *due = bpf_task_storage_get(&aio_due, task->group_leader, NULL, 0);

	if (due)
		__sync_fetch_and_add(&due->count, -count);
}

struct aio_room {
	__u64 at; /* address of the next pointer to a context */
	__s64 places;
};

static long add_places(__u32 index, struct aio_room *room)
{
	struct kioctx *context = NULL;

	if (bpf_probe_read_kernel(&context, sizeof(context), (void *)room->at))
		return 1;
	room->at += sizeof(context);
	if (context)
		room->places += BPF_CORE_READ(context, nr_events);
	return 0;
}

/* The total capacity of the rings of all contexts of that address space, from the kernel's data: the program may write
 * anything into its ring. */
static __always_inline __s64 aio_places(struct mm_struct *mm)
{
	struct kioctx_table *table = BPF_CORE_READ(mm, ioctx_table);
	struct aio_room room = {.at = (__u64)table + bpf_core_field_offset(struct kioctx_table, table)};

	if (table)
		bpf_loop(BPF_CORE_READ(table, nr), add_places, &room, 0);
	return room.places;
}

/* No more requests can be due than fit into the rings: the program took the others from the rings itself, without a
 * system call. Twice as many are allowed, because another thread may be about to subtract what it took. The capacity is
 * read again only after that many new requests, so that the cost is small with any number of contexts. */
static __always_inline void note_submitted(struct task_struct *task, __s64 count)
{
	struct aio_due *due;
	__s64 places, excess;

	if (!bpf_core_field_exists(struct mm_struct, ioctx_table))
		return;
	due = bpf_task_storage_get(&aio_due, task->group_leader, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!due) {
		count_lost(PROBE_AIO);
		return;
	}
	count += __sync_fetch_and_add(&due->count, count);
	if (count <= due->looked_up_to)
		return;
	places = aio_places(BPF_CORE_READ(task, mm));
	due->looked_up_to = 3 * places;
	excess = count - 2 * places;
	/* If two threads find the excess, one counts it. */
	if (excess > 0 && __sync_val_compare_and_swap(&due->count, count, count - excess) == count)
		__sync_fetch_and_add(&lost[PROBE_AIO], excess);
}

#endif
