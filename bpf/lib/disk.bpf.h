/* SPDX-License-Identifier: GPL-2.0 */
/* Requests to block devices: which process made each, how long it waited and was served, summed by process, device,
 * operation; with `--events disk` also each one. */
#ifndef EBTOP_DISK_BPF_H
#define EBTOP_DISK_BPF_H

#include "cgroup.bpf.h"
#include "dirtier.bpf.h"
#include "latency.bpf.h"
#include "ring.bpf.h"
#include "table.bpf.h"

struct disk_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct disk_slot);
};
extern struct disk_map disk_table SEC(".maps");
extern struct occupied_map disk_occupied SEC(".maps");
extern struct owners_map disk_owners SEC(".maps");
extern const volatile __u32 disk_mask; /* capacity - 1 */
extern const volatile bool send_requests;

DEFINE_TABLE(disk, TABLE_DISK)

struct disk_request {
	__u64 key; /* of its slot; 0: none, it is counted in the spill */
	struct spill_key maker;
	__u64 began;
	__u64 issued; /* handed to the device; 0: not yet */
	__u64 bytes;
	__u32 slot;
	__u32 operation; /* enum wire_disk_operation */
	__u64 cgroup;
	__u64 sector;
	__s64 error; /* as in wire_disk_request */
};

/* Requests in flight. The kernel has a fixed number of them for each device and reuses their addresses soon: an entry
 * whose end was not seen is then replaced. */
struct disk_requests_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct disk_request);
};
extern struct disk_requests_map disk_requests SEC(".maps");

/* enum req_op and enum req_flag_bits of include/linux/blk_types.h: unchanged since 5.10. */
#define REQ_OP_MASK 0xff
#define REQ_OP_FLUSH 2
#define REQ_OP_DISCARD 3
#define REQ_OP_DRV_IN 34 /* from here on requests of drivers and SCSI ioctls */
#define REQ_PREFLUSH (1u << 18)

#define NO_DISK_OPERATION 0xff

/* Grouped as in /sys/block/NAME/stat, except an empty write: it is made only for its flush. */
static __always_inline __u8 disk_operation(struct request *request)
{
	__u32 flags = peek(struct request, request, cmd_flags), operation = flags & REQ_OP_MASK;

	if (operation >= REQ_OP_DRV_IN)
		return NO_DISK_OPERATION;
	if (operation == REQ_OP_FLUSH || (flags & REQ_PREFLUSH && !peek(struct request, request, __data_len)))
		return WIRE_DISK_FLUSH;
	if (operation == REQ_OP_DISCARD)
		return WIRE_DISK_DISCARD;
	return operation & 1 ? WIRE_DISK_WRITE : WIRE_DISK_READ;
}

/* The key of a request's slot. */
struct disk_use {
	__u64 start;
	__u64 cgroup;
	__u64 for_start; /* of the process that it writes for; 0 if the cgroup is known */
	struct dirtier *dirtier;
	struct gendisk *disk;
	__u32 pid;
	__u32 dev;
	__u8 operation;
};

/* Data that a kernel thread writes was made dirty by other processes. If the kernel charges it to their cgroup (memory
 * and io controllers both in cgroup v2), the request names that cgroup. */
static __always_inline void find_dirtier(struct disk_use *use, struct request *request)
{
	struct bio *bio = peek(struct request, request, bio);
	struct blkcg_gq *group;
	struct blkcg *blkcg;
	struct cgroup *cgroup = NULL;

	if (!bio || !is_kernel_thread())
		return;
	if (bpf_core_field_exists(bio->bi_blkg)) {
		group = BPF_CORE_READ(bio, bi_blkg);
		blkcg = BPF_CORE_READ(group, blkcg);
		cgroup = BPF_CORE_READ(blkcg, css.cgroup);
	}
	if (cgroup && BPF_CORE_READ(cgroup, level)) {
		use->cgroup = node_id(BPF_CORE_READ(cgroup, kn), 0, PROBE_DISK);
		return;
	}
	use->dirtier = dirtier_of(bio);
	if (!use->dirtier)
		return;
	use->cgroup = use->dirtier->cgroup;
	if (!use->cgroup)
		use->for_start = use->dirtier->start;
}

static __always_inline __u64 disk_key(struct disk_use *use)
{
	__u64 hash = (use->cgroup ^ use->for_start ^ table_secret) * 0xff51afd7ed558ccdull;

	hash ^= hash >> 32;
	hash = (hash ^ use->dev ^ (__u64)use->operation << 32) * 0xc4ceb9fe1a85ec53ull;
	hash ^= hash >> 32;
	hash = (hash ^ use->start ^ (__u64)use->pid << 40) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 32 ?: 1;
}

static __always_inline struct disk_slot *disk_slot_of(__u64 key, struct disk_use *use, __u32 *index)
{
	struct disk_slot *slot = disk_near(key, index);

	if (slot)
		return slot;
	*index = disk_place(key, use->start, use->pid);
	slot = bpf_map_lookup_elem(&disk_table, index);
	if (slot && !slot->is_ready) {
		slot->cgroup = use->cgroup;
		if (use->for_start && use->dirtier) {
			slot->for_pid = use->dirtier->pid;
			__builtin_memcpy(slot->for_comm, use->dirtier->comm, sizeof(slot->for_comm));
		}
		slot->dev = use->dev;
		slot->pid = use->pid;
		slot->operation = use->operation;
		bpf_probe_read_kernel_str(slot->name, sizeof(slot->name),
					  (void *)use->disk + bpf_core_field_offset(struct gendisk, disk_name));
		order_stores();
		slot->is_ready = 1;
	}
	return slot;
}

/* Which argument of the tracepoints of queueing, issuing and merging is the request: up to Linux 5.10 its queue is before it.
 */
extern const volatile __u32 request_argument;

/* An argument of a tracepoint as a number: the verifier refuses a pointer in its place. */
static __always_inline __u64 request_address(void *ctx, __u32 argument)
{
	__u64 address = 0;

	bpf_probe_read_kernel(&address, sizeof(address), ctx + (argument ? sizeof(address) : 0));
	return address;
}

/* The request ended without a result. */
static __always_inline void forget_request(__u64 address)
{
	struct disk_request *known = bpf_map_lookup_elem(&disk_requests, &address);
	struct disk_slot *slot;

	if (!known)
		return;
	slot = bpf_map_lookup_elem(&disk_table, &known->slot);
	if (slot && slot->key == known->key)
		__sync_fetch_and_add(&slot->in_flight, -1);
	bpf_map_delete_elem(&disk_requests, &address);
}

static __always_inline struct gendisk *disk_of(struct request *request)
{
	struct request_queue *queue = peek(struct request, request, q);

	if (bpf_core_field_exists(queue->disk)) /* since 5.15 */
		return peek(struct request_queue, queue, disk);
	return BPF_CORE_READ((struct request___5_14 *)request, rq_disk);
}

/* The current process made this request. Global, like walk_path(). */
__weak __noinline int begin_request(__u64 address)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct request *request = (void *)address;
	struct disk_request entry = {.began = bpf_ktime_get_ns()};
	struct disk_use use = {.pid = bpf_get_current_pid_tgid() >> 32};
	struct disk_slot *slot;

	forget_request(address);
	use.operation = disk_operation(request);
	if (use.operation == NO_DISK_OPERATION || !is_wanted(use.pid))
		return 0;
	if (!use.pid) { /* in an interrupt, while the CPU was idle */
		count_lost(PROBE_DISK);
		return 0;
	}
	use.disk = disk_of(request);
	if (!use.disk)
		return 0;
	use.start = process_start(task);
	use.dev = peek(struct gendisk, use.disk, major) << 20 | peek(struct gendisk, use.disk, first_minor);
	find_dirtier(&use, request);
	entry.key = disk_key(&use);
	entry.operation = use.operation;
	entry.cgroup = use.cgroup;
	entry.maker.start = use.start;
	entry.maker.pid = use.pid;
	slot = disk_slot_of(entry.key, &use, &entry.slot);
	if (slot) {
		__sync_fetch_and_add(&slot->in_flight, 1);
	} else {
		entry.key = 0;
		spill_of(use.pid, use.start, TABLE_DISK); /* here, since the process whose share counts is current */
	}
	if (bpf_map_update_elem(&disk_requests, &address, &entry, BPF_ANY)) {
		if (slot)
			__sync_fetch_and_add(&slot->in_flight, -1);
		__sync_fetch_and_add(&overflow[TABLE_DISK_REQUEST], 1);
	}
	return 0;
}

/* The request goes to the device, with all that was merged into it. The device may delay it and take it again. */
static __always_inline void issue_request(struct disk_request *entry, __u64 address)
{
	if (entry->issued)
		return;
	entry->issued = bpf_ktime_get_ns();
	entry->bytes = peek(struct request, (void *)address, __data_len);
	if (send_requests)
		entry->sector = peek(struct request, (void *)address, __sector);
}

static __always_inline void send_request(struct disk_request *entry, struct request *request, __u64 now)
{
	struct gendisk *disk = disk_of(request);
	struct wire_disk_request *record;

	record = ring_reserve(PROBE_EVENT, WIRE_DISK_REQUEST, sizeof(*record), entry->maker.pid, entry->maker.start);
	if (!record)
		return;
	record->cgroup = entry->cgroup;
	record->dev = peek(struct gendisk, disk, major) << 20 | peek(struct gendisk, disk, first_minor);
	record->operation = entry->operation;
	record->sector = entry->sector;
	record->bytes = entry->bytes;
	record->queued_ns = entry->issued ? entry->issued - entry->began : 0;
	record->served_ns = now - (entry->issued ?: entry->began);
	record->error = entry->error;
	record->is_sent = entry->issued != 0;
	__builtin_memset(record->name, 0, sizeof(record->name));
	bpf_probe_read_kernel_str(record->name, sizeof(record->name),
				  (void *)disk + bpf_core_field_offset(struct gendisk, disk_name));
	ring_submit(record);
}

static __always_inline void spill_request(struct disk_request *entry)
{
	struct spill_value *value = bpf_map_lookup_elem(&spill, &entry->maker);

	if (!value) { /* its process is gone, or found no room even there */
		entry->maker.pid = entry->maker.start = 0;
		value = bpf_map_lookup_elem(&spill, &entry->maker);
	}
	if (!value)
		return;
	if (entry->operation == WIRE_DISK_READ)
		__sync_fetch_and_add(&value->disk_read_bytes, entry->bytes);
	else if (entry->operation == WIRE_DISK_WRITE)
		__sync_fetch_and_add(&value->disk_write_bytes, entry->bytes);
}

/* The request is done and is counted as a whole. A flush is never issued: the kernel performs it with a request of its
 * own. */
static __always_inline void end_request(__u64 address)
{
	struct disk_request *known = bpf_map_lookup_elem(&disk_requests, &address), entry;
	struct disk_slot *slot;
	__u64 now = bpf_ktime_get_ns(), issued;

	if (!known)
		return;
	entry = *known;
	bpf_map_delete_elem(&disk_requests, &address);
	if (send_requests)
		send_request(&entry, (void *)address, now);
	if (!entry.key) {
		spill_request(&entry);
		return;
	}
	slot = bpf_map_lookup_elem(&disk_table, &entry.slot);
	if (!slot || slot->key != entry.key) {
		count_lost(PROBE_DISK);
		return;
	}
	issued = entry.issued ?: entry.began;
	__sync_fetch_and_add(&slot->bytes, entry.bytes);
	add_time(&slot->queued, issued - entry.began);
	add_time(&slot->served, now - issued);
	__sync_fetch_and_add(&slot->count, 1);
	__sync_fetch_and_add(&slot->in_flight, -1);
}

#endif
