/* SPDX-License-Identifier: GPL-2.0 */
/* The io table: what each process did to each object, by the results of its calls. At the first use of an object by a
 * process it is announced through the ring. */
#ifndef EBTOP_IO_BPF_H
#define EBTOP_IO_BPF_H

#include "client.bpf.h"
#include "line.bpf.h"
#include "object.bpf.h"
#include "table.bpf.h"

struct io_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct io_slot);
};
extern struct io_map io_table SEC(".maps");
extern struct occupied_map io_occupied SEC(".maps");
extern struct owners_map io_owners SEC(".maps");

/* An element for each possible CPU. */
struct io_lines_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct io_lines);
};
extern struct io_lines_map io_lines SEC(".maps");
extern const volatile __u32 io_mask; /* capacity - 1 */
extern const volatile bool count_io; /* needed by a concern */

DEFINE_TABLE(io, TABLE_IO)

enum io_operation {
	IO_READ,
	IO_WRITE,
	IO_OPEN,
	IO_SIGHT, /* nothing to count, but its owner should be known */
};

/* One use of one file by one process. */
struct io_use {
	struct file *file;
	__u64 start;
	__u64 bytes;
	__u64 calls;
	__u32 pid;
	enum io_operation operation;
};

/* With a secret: otherwise the owner of a FUSE file system, who chooses inode numbers, could cause collisions. */
static __always_inline __u64 io_key(struct io_use *use, struct identity *identity)
{
	__u64 hash = (identity->ino ^ table_secret) * 0xff51afd7ed558ccdull;

	hash ^= hash >> 32;
	hash = (hash ^ table_secret ^ identity->dev ^ (__u64)identity->gen << 32) * 0xc4ceb9fe1a85ec53ull;
	hash ^= hash >> 32;
	hash = (hash ^ use->start ^ (__u64)use->pid << 40) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 32 ?: 1;
}

/* Global, as walk_path() is. */
__weak __noinline int spill_io(__u32 pid, __u64 start, __u64 calls, __u64 bytes, __u32 operation)
{
	struct spill_value *value = spill_of(pid, start, TABLE_IO);

	if (!value)
		return 0;
	if (operation == IO_READ) {
		__sync_fetch_and_add(&value->reads, calls);
		__sync_fetch_and_add(&value->read_bytes, bytes);
	} else if (operation == IO_WRITE) {
		__sync_fetch_and_add(&value->writes, calls);
		__sync_fetch_and_add(&value->write_bytes, bytes);
	}
	return 0;
}

/* An end whose peer was unknown when it was announced is announced again after 1, 2, 4, 8 … calls. */
static __always_inline bool is_time_to_announce(struct io_slot *slot)
{
	__u64 calls = slot->counts.reads + slot->counts.writes;

	return slot->announced == IO_NOT_ANNOUNCED || (calls & (calls - 1)) == 0;
}

static __always_inline bool is_peer_unknown(struct wire_object *record)
{
	if (record->kind == WIRE_KIND_UNIX_STREAM || record->kind == WIRE_KIND_UNIX_SEQPACKET)
		return !record->peer_ino;
	return (record->kind == WIRE_KIND_TCP || record->kind == WIRE_KIND_UDP || record->kind == WIRE_KIND_UNIX_DGRAM) &&
	       !record->remote_port && !record->peer;
}

/* The path is as the current process sees it, so no other process announces: a device may have interrupted any task.
 * Global, like walk_path(). */
__weak __noinline int announce(__u64 file, __u32 index)
{
	struct io_slot *slot = bpf_map_lookup_elem(&io_table, &index);
	struct path_scratch *scratch;
	struct wire_object *record;

	if (!slot || !is_time_to_announce(slot) || bpf_get_current_pid_tgid() >> 32 != slot->pid)
		return 0;
	scratch = path_acquire();
	if (!scratch) {
		count_lost(PROBE_FILE);
		return 0;
	}
	record = (void *)scratch->header;
	fill_object(scratch, (struct file *)file, WIRE_HOW_USED);
	record->head.pid = slot->pid;
	record->head.start = slot->start;
	record->slot = index;
	if (path_output(scratch, PROBE_FILE, record, sizeof(*record))) {
		slot->name = name_hash(file);
		slot->opened_as |= open_mode((struct file *)file);
		slot->announced = is_peer_unknown(record) ? IO_PEER_UNKNOWN : IO_ANNOUNCED;
	}
	if (only_wanted)
		announce_client(refer_to(scratch));
	path_release(scratch);
	return 0;
}

/* A file that is opened under another name than announced, or with other flags, is announced again. Global, like
 * walk_path(). */
__weak __noinline int check_opening(__u64 file, __u32 index)
{
	struct io_slot *slot = bpf_map_lookup_elem(&io_table, &index);

	if (!slot || slot->announced != IO_ANNOUNCED)
		return 0;
	if (slot->name != name_hash(file) || (open_mode((struct file *)file) & ~slot->opened_as))
		slot->announced = IO_NOT_ANNOUNCED;
	return 0;
}

static __always_inline void io_add(struct io_slot *slot, struct io_use *use)
{
	switch (use->operation) {
	case IO_READ:
		__sync_fetch_and_add(&slot->counts.reads, use->calls);
		__sync_fetch_and_add(&slot->counts.read_bytes, use->bytes);
		break;
	case IO_WRITE:
		__sync_fetch_and_add(&slot->counts.writes, use->calls);
		__sync_fetch_and_add(&slot->counts.write_bytes, use->bytes);
		break;
	case IO_OPEN:
		__sync_fetch_and_add(&slot->counts.opens, 1);
		break;
	case IO_SIGHT:
		break;
	}
}

/* The slot of (process, object); NULL if the table is full: then the use was added to the spill. */
static __always_inline struct io_slot *io_slot_of_key(__u64 key, struct io_use *use, struct identity *identity, __u32 *index)
{
	struct io_slot *slot = io_near(key, index);

	if (slot)
		return slot;
	*index = io_place(key, use->start, use->pid);
	slot = bpf_map_lookup_elem(&io_table, index);
	if (!slot) {
		spill_io(use->pid, use->start, use->calls, use->bytes, use->operation);
	} else if (!slot->is_ready) {
		slot->ino = identity->ino;
		slot->dev = identity->dev;
		slot->gen = identity->gen;
		slot->pid = use->pid;
		slot->mode = identity->mode;
		order_stores();
		slot->is_ready = 1;
	}
	return slot;
}

static __always_inline struct io_slot *io_slot_of(struct io_use *use, struct identity *identity, __u32 *index)
{
	return io_slot_of_key(io_key(use, identity), use, identity, index);
}

/* Counts a use in its slot. Returns the slot, unless it must still be announced. */
static __always_inline struct io_slot *count_in_io_slot(__u64 key, struct io_use *use, struct identity *identity, __u32 *index)
{
	struct io_slot *slot = io_slot_of_key(key, use, identity, index);

	if (!slot)
		return NULL;
	io_add(slot, use);
	if (!announce_objects)
		return slot;
	if (use->operation == IO_OPEN)
		check_opening((__u64)use->file, *index);
	if (slot->announced == IO_ANNOUNCED)
		return slot;
	announce((__u64)use->file, *index);
	return NULL;
}

/* For callers other than ebtop_sys_exit. */
static __always_inline void count_use(struct io_use *use)
{
	struct identity identity;
	__u32 index = 0;

	identify(use->file, &identity, use->operation == IO_OPEN);
	count_in_io_slot(io_key(use, &identity), use, &identity, &index);
}

/* Global, so that it is verified once. */
__weak __noinline int take_io_line(struct io_line *line, __u64 key, __u32 index)
{
	struct io_slot *slot;
	__u32 before;

	if (!line)
		return 0;
	before = line->head.slot;
	slot = bpf_map_lookup_elem(&io_table, &before);
	if (open_line(&line->head) && slot) {
		__sync_fetch_and_add(&slot->counts.reads, line->reads);
		__sync_fetch_and_add(&slot->counts.read_bytes, line->read_bytes);
		__sync_fetch_and_add(&slot->counts.writes, line->writes);
		__sync_fetch_and_add(&slot->counts.write_bytes, line->write_bytes);
	}
	line->reads = 0;
	line->writes = 0;
	line->read_bytes = 0;
	line->write_bytes = 0;
	close_line(&line->head, key, index);
	return 0;
}

/* Like count_use(), through this CPU's lines. For ebtop_sys_exit only. */
static __always_inline void count_use_by_line(struct io_use *use)
{
	struct identity identity;
	struct io_lines *lines;
	struct io_line *line;
	__u32 cpu, index = 0;
	__u64 key;

	if (!has_lines)
		return count_use(use);
	cpu = bpf_get_smp_processor_id();
	lines = bpf_map_lookup_elem(&io_lines, &cpu);
	if (!lines)
		return;
	identify(use->file, &identity, use->operation == IO_OPEN);
	key = io_key(use, &identity);
	line = &lines->lines[key % LINES];
	if (line->head.key == key && use->operation == IO_READ) {
		line->reads += use->calls;
		line->read_bytes += use->bytes;
	} else if (line->head.key == key && use->operation == IO_WRITE) {
		line->writes += use->calls;
		line->write_bytes += use->bytes;
	} else if (count_in_io_slot(key, use, &identity, &index) && is_line_due(&line->head)) {
		take_io_line(line, key, index);
	}
}

#endif
