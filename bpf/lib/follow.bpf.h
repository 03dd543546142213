/* SPDX-License-Identifier: GPL-2.0 */
/* Following a command into daemons: the state of processes, threads, streams and requests. */
#ifndef EBTOP_FOLLOW_BPF_H
#define EBTOP_FOLLOW_BPF_H

#include "share.bpf.h"

/* Steps of one daemon in a second; more are only counted. */
#define FOLLOW_BUDGET 20000
#define NS_PER_SECOND_SHIFT 30
/* How long steps may still be for a request: this long after its last byte without a reply, and this long after the
 * reply. */
#define FOLLOW_OPEN_US 10000000
#define FOLLOW_OPEN_NS (follow_open_us * 1000ull)
#define FOLLOW_LINGER_NS (FOLLOW_OPEN_NS / 100)

/* A process that got data from the command. A wanted process that is not in this map is the command or one of its
 * descendants. */
struct followed_process {
	__u64 start;
	__u64 open_until; /* CLOCK_BOOTTIME; until then its steps are sent */
	__u64 second;	  /* of which `steps` are counted */
	__u32 steps;
	__u32 dropped;	/* steps beyond the budget that were not reported yet */
	__s32 requests; /* from the command, not answered yet */
	__u32 is_bus;	/* it passes on D-Bus messages (follow-message.bpf.h) */
};
struct followed_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct followed_process);
};
extern struct followed_map followed SEC(".maps");

extern const volatile __u32 follow_budget, follow_open_us;
extern bool is_following; /* a process is followed now */

/* Marks the processes of the command and those that are followed: one load tells that another process is none of them. */
extern __u32 follow_pids[FOLLOW_PIDS];

static __always_inline bool is_marked(__u32 pid)
{
	__u32 marked = follow_pids[pid % FOLLOW_PIDS];

	return marked == pid || marked == FOLLOW_SEVERAL;
}

/* Before it gets into a map. Global, so that it is verified once. */
__weak __noinline int mark_process(__u32 pid)
{
	__u32 *slot = &follow_pids[pid % FOLLOW_PIDS], before = by_form(0, __sync_val_compare_and_swap(slot, 0, pid));

	if (before && before != pid)
		*slot = FOLLOW_SEVERAL;
	return 0;
}

/* When it has ended. */
static __always_inline void unmark_process(__u32 pid)
{
	by_form((void)0, (void)__sync_val_compare_and_swap(&follow_pids[pid % FOLLOW_PIDS], pid, 0));
}

enum follow_tag {
	FOLLOW_UNKNOWN,
	FOLLOW_OURS,   /* what it read last may be from the command */
	FOLLOW_OTHERS, /* it read a request from another client */
};

/* By process and actor (follow-goroutine.bpf.h). */
struct follow_thread {
	__u64 heard;	   /* the connection that it read last, if that is not from the command */
	__s32 open;	   /* requests that it read and that are not answered yet */
	__s32 ours;	   /* those of them that are from the command */
	__u8 tag;	   /* enum follow_tag */
	__u8 is_quiet;	   /* it was reported that it works for others: nothing more is sent until it reads from the command */
	__u8 is_fresh;	   /* before it was followed, it may have read requests that are not answered yet */
	__u8 is_announced; /* the addition to an eventfd that it is making was reported when it woke the reader */
	__u8 has_read;	   /* a request, since it last waited */
	__u8 unused[3];
};
struct follow_thread_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, __u64);
	__type(value, struct follow_thread);
};
extern struct follow_thread_map follow_threads SEC(".maps");

/* Goroutines stay in the map when their process ends: another one with its pid has another key. */
static __always_inline __u64 actor_key(__u32 pid, __u64 start, __u32 actor)
{
	return (__u64)(pid ^ (__u32)(start >> 10)) << 32 | actor;
}

/* The bytes from one end to the other. For TCP the socket itself counts them. The reader's call may end before the
 * writer's call does, and the other way round. So whenever a read empties the stream, the lead is computed again, and
 * the most frequent recent value is used. */
struct follow_stream {
	__u64 written; /* of an eventfd: until when the steps of those who add to it are sent */
	__u64 read;
	__u64 ino;     /* of the sender's socket: another one may get its address */
	__s64 lead;    /* by how much `read` is ahead: bytes in transit when counting began */
	__u32 is_ours; /* a process that reads from it may work for the command */
	__s32 votes;   /* for that lead */
};
struct follow_stream_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct follow_stream);
};
extern struct follow_stream_map follow_streams SEC(".maps");

/* A bit for each stream in the map: uninvolved processes test only this. */
#define FOLLOW_BITS 65536
extern __u64 follow_bits[FOLLOW_BITS / 64];

/* A request that a thread read from the connection `key` and that is not answered yet. */
struct follow_request {
	__u64 thread; /* its key in follow_threads */
	__u32 pid;
	__u32 is_ours;
};
struct follow_request_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct follow_request);
};
extern struct follow_request_map follow_requests SEC(".maps");

/* These maps evict their oldest entries: `table_used` counts what is in them or was evicted. */
static __always_inline void keep_newest(void *map, const void *key, const void *value, enum table_id table)
{
	if (!bpf_map_update_elem(map, key, value, BPF_NOEXIST))
		__sync_fetch_and_add(&table_used[table], 1);
	else
		bpf_map_update_elem(map, key, value, BPF_EXIST);
}

/* False if it is not in the map. */
static __always_inline bool remove_kept(void *map, const void *key, enum table_id table)
{
	if (bpf_map_delete_elem(map, key))
		return false;
	__sync_fetch_and_add(&table_used[table], -1);
	return true;
}

/* Inodes of pipes and sockets that the command got from its caller: a process that reads from these is not a daemon. */
struct follow_inherited_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u8);
};
extern struct follow_inherited_map follow_inherited SEC(".maps");

#endif
