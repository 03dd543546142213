/* SPDX-License-Identifier: GPL-2.0 */
/* System calls that are events: what is sent of each, and how its record is built. */
#ifndef EBTOP_CALL_EVENT_BPF_H
#define EBTOP_CALL_EVENT_BPF_H

#include "call-class.h"
#include "file.bpf.h"
#include "path.bpf.h"
#include "registers.bpf.h"
#include "socket.bpf.h"

#define FMODE_CREATED 0x100000
#define AT_FDCWD (-100)
#define NAME_MAX_BYTES 4096
#define NAMES_MAX (4 * NAME_MAX_BYTES) /* two names, each with its directory */

/* [enum wire_abi][number][enum event_column] */
extern const volatile __u8 event_calls[2][WIRE_CALL_NUMBERS][EVENT_COLUMNS];
/* One bit for each enum wire_event. */
extern const volatile __u32 wanted_events, event_share;
/* By BULK_EVENT(): bytes in the ring, from which user space subtracts what it reads; events that were not sent. */
extern __u64 bulk_bytes[2], bulk_more[2];

struct call_event_scratch {
	__u32 is_taken;
	__u32 at;    /* bytes of text so far */
	__u32 index; /* among the call_event_scratches */
	__u32 reserved;
	struct wire_call_event record;
	char text[NAMES_MAX + 8]; /* padding after the last byte that counts */
};

/* Several, since a program may be interrupted by another one on the same CPU. */
#define CALL_EVENT_SCRATCHES 2
struct call_event_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, CALL_EVENT_SCRATCHES);
	__type(key, __u32);
	__type(value, struct call_event_scratch);
};
extern struct call_event_map call_event_scratches SEC(".maps");

static __always_inline struct call_event_scratch *call_event_acquire(void)
{
	for (int i = 0; i < CALL_EVENT_SCRATCHES; i++) {
		__u32 index = i;
		struct call_event_scratch *scratch = bpf_map_lookup_elem(&call_event_scratches, &index);

		if (scratch && try_take(&scratch->is_taken)) {
			scratch->index = index;
			return scratch;
		}
	}
	count_lost(PROBE_EVENT);
	return NULL;
}

static __always_inline void call_event_begin(struct call_event_scratch *scratch, __u32 event)
{
	struct task_struct *task = current_task();
	struct wire_call_event *record = &scratch->record;

	__builtin_memset(record, 0, sizeof(*record));
	record->head.type = WIRE_CALL_EVENT;
	record->head.pid = own(struct task_struct, task, tgid);
	record->head.start = process_start(task);
	record->head.time = bpf_ktime_get_boot_ns();
	record->event = event;
	record->tid = own(struct task_struct, task, pid);
	bpf_get_current_comm(record->comm, sizeof(record->comm));
	scratch->at = 0;
}

static __always_inline void call_event_release(struct call_event_scratch *scratch)
{
	give_back(&scratch->is_taken);
}

/* Ends a string of `len` bytes that was appended to the text. */
static __always_inline void end_string(struct call_event_scratch *scratch, __u32 at, __u32 len)
{
	at += len;
	barrier_var(at); /* or clang drops the mask if it knows len, which 6.1's verifier does not */
	at &= NAMES_MAX - 1;
	scratch->text[at] = 0;
	scratch->at = at + 1;
}

/* Appends the string at `address` of the caller's memory, "?" if unreadable, nothing for NULL. True if it begins with a
 * slash. */
static __always_inline bool append_name(struct call_event_scratch *scratch, __u64 address)
{
	__u32 at = scratch->at;
	long len;

	if (at > NAMES_MAX - NAME_MAX_BYTES)
		return true;
	len = address ? bpf_probe_read_user_str(scratch->text + at, NAME_MAX_BYTES, (void *)address) : 1;
	if (len < 0) {
		scratch->text[at] = '?';
		len = 2;
	}
	end_string(scratch, at, len > 0 ? len - 1 : 0); /* 0 of an empty string: exec.bpf.h */
	return scratch->text[at] == '/';
}

/* The current directory of the process disguised as a struct file, since walk_path() only reads the path of a file. */
static __always_inline struct file *cwd_as_file(void)
{
	struct fs_struct *fs = own(struct task_struct, untrusted(struct task_struct, current_task()), fs);

	return (void *)fs + bpf_core_field_offset(struct fs_struct, pwd) - bpf_core_field_offset(struct file, f_path);
}

/* Appends the path that was walked, at `at`, and releases it. */
static __always_inline void append_walked(struct call_event_scratch *scratch, struct path_scratch *path, __u32 at)
{
	__u32 position = path->position & (2 * WIRE_PATH_MAX - 1), len = path_len(path);

	scratch->record.name_flags |= path->flags & ~WIRE_TEXT_DELETED;
	if (at <= NAMES_MAX - NAME_MAX_BYTES && len < NAME_MAX_BYTES) {
		bpf_probe_read_kernel(scratch->text + at, len, path->bytes + PATH_HEADER + position);
		end_string(scratch, at, len);
	} else {
		end_string(scratch, at, 0);
	}
	path_release(path);
}

/* Appends the path of an open file, or of the current directory if there is none. Global, like walk_path(). */
__weak __noinline int append_path(REFERENCE(struct call_event_scratch) reference, __u64 file)
{
	struct call_event_scratch *scratch = referred(&call_event_scratches, reference);
	struct path_scratch *path;
	__u32 at;

	if (!scratch)
		return 0;
	at = scratch->at;
	path = path_acquire();
	if (!path) {
		scratch->record.name_flags |= WIRE_TEXT_TRUNCATED;
		end_string(scratch, at, 0);
		return 0;
	}
	path_walk(path, file ? (struct file *)file : cwd_as_file());
	append_walked(scratch, path, at);
	return 0;
}

/* The name in `argument` (see EVENT_NAME_AT) and the directory that it is relative to. */
static __always_inline void append_argument(struct call_event_scratch *scratch, struct pt_regs *regs, __u32 abi, __u32 argument)
{
	int index = (int)(argument & ~EVENT_NAME_AT) - 1, fd = AT_FDCWD;
	struct file *file = NULL;

	if (append_name(scratch, call_argument(regs, abi, index))) {
		end_string(scratch, scratch->at, 0);
		return;
	}
	if (argument & EVENT_NAME_AT)
		fd = (int)call_argument(regs, abi, index - 1);
	if (fd != AT_FDCWD)
		file = file_of(current_task(), fd);
	if (fd != AT_FDCWD && !file) /* EBADF */
		end_string(scratch, scratch->at, 0);
	else
		append_path(refer_to(scratch), (__u64)file);
}

#define ADDRESS_MAX 128 /* struct sockaddr_storage */

/* A struct sockaddr of the caller's memory. */
static __always_inline void append_address(struct call_event_scratch *scratch, __u64 address, __u32 len)
{
	if (len > ADDRESS_MAX)
		len = ADDRESS_MAX;
	barrier_var(len);
	if (len <= ADDRESS_MAX && !bpf_probe_read_user(scratch->text, len, (void *)address))
		scratch->at = len;
}

/* The port that the socket of descriptor `fd` has now. */
static __always_inline __u32 port_of(__u32 fd)
{
	struct file *file = file_of(current_task(), fd);
	struct socket *socket = file ? peek(struct file, file, private_data) : NULL;
	struct sock *sk = socket ? peek(struct socket, socket, sk) : NULL;
	__u16 family = sk ? peek(struct sock, sk, __sk_common.skc_family) : AF_UNSPEC;

	return family == AF_INET || family == AF_INET6 ? peek(struct sock, sk, __sk_common.skc_num) : 0;
}

static __always_inline void count_bulk(__u32 event, __u64 bytes)
{
	if (IS_BULK_EVENT(event))
		__sync_fetch_and_add(&bulk_bytes[BULK_EVENT(event)], bytes);
}

static __always_inline void call_event_send(struct call_event_scratch *scratch)
{
	struct wire_call_event *record = &scratch->record;
	__u32 len = scratch->at, size;

	if (len > NAMES_MAX)
		len = NAMES_MAX;
	__builtin_memset(scratch->text + len, 0, 8);
	record->name_len = len;
	size = (sizeof(*record) + len + 7) & ~7u;
	record->head.size = size;
	barrier_var(size);
	if (size > sizeof(*record) + NAMES_MAX)
		return;
	count_bulk(record->event, size); /* first: it may be read at once */
	if (bpf_ringbuf_output(&ring, record, size, BPF_RB_NO_WAKEUP)) {
		count_bulk(record->event, -(__u64)size);
		count_lost(PROBE_EVENT);
	}
}

/* False, and counted, for an open or a stat that has no room in the ring. */
static __always_inline bool has_room(__u32 event)
{
	if (!IS_BULK_EVENT(event) || *(volatile __u64 *)&bulk_bytes[BULK_EVENT(event)] < event_share)
		return true;
	__sync_fetch_and_add(&bulk_more[BULK_EVENT(event)], 1);
	return false;
}

#endif
