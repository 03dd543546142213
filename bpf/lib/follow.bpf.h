/* SPDX-License-Identifier: GPL-2.0 */
/* Following a command into daemons: what is kept of processes, threads, streams and requests. */
#ifndef EBTOP_FOLLOW_BPF_H
#define EBTOP_FOLLOW_BPF_H

#include "share.bpf.h"

/* Steps of one daemon in a second; past it they are counted only. */
#define FOLLOW_BUDGET 20000
#define NS_PER_SECOND_SHIFT 30
/* What may still be done for a request: so long after the last byte of it without an answer, and so long after the answer. */
#define FOLLOW_OPEN_US 10000000
#define FOLLOW_OPEN_NS (follow_open_us * 1000ull)
#define FOLLOW_LINGER_NS (FOLLOW_OPEN_NS / 100)

/* A process that got something of the command's. Of those that are wanted, whoever is not here is the command or descends
 * from it. */
struct followed_process {
	__u64 start;
	__u64 open_until; /* CLOCK_BOOTTIME; before then its steps are sent */
	__u64 second;	  /* of which `steps` are counted */
	__u32 steps;
	__u32 dropped;	/* steps past the budget that were not told of yet */
	__s32 requests; /* of ours that are not answered */
	__u32 unused;
};
struct followed_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct followed_process);
};
extern struct followed_map followed SEC(".maps");

extern const volatile __u32 follow_budget, follow_open_us;
extern bool is_following; /* out of all processes, some at present */

enum follow_tag {
	FOLLOW_UNKNOWN,
	FOLLOW_OURS,   /* what it read last may be ours */
	FOLLOW_OTHERS, /* a request of somebody else */
};

struct follow_thread {
	__s32 open;    /* requests that it read and nobody answered yet */
	__u8 tag;      /* enum follow_tag */
	__u8 is_quiet; /* it was told that it works for others: until it reads of ours nothing more need be */
	__u16 unused;
};
struct follow_thread_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, __u32);
	__type(value, struct follow_thread);
};
extern struct follow_thread_map follow_threads SEC(".maps");

/* The bytes from one end to the other. Of TCP the socket itself counts. What a write has put there may be read, and that told,
 * before the write ends, and the other way round; so whenever a read leaves nothing behind, the lead is asked for again, and
 * what most of the last ones said holds. */
struct follow_stream {
	__u64 written;
	__u64 read;
	__u64 ino;     /* of the sender's socket: another one may get its address */
	__s64 lead;    /* by how much `read` is ahead: what was under way when counting began */
	__u32 is_ours; /* whoever reads from it may work for the command */
	__s32 votes;   /* for that lead */
};
struct follow_stream_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct follow_stream);
};
extern struct follow_stream_map follow_streams SEC(".maps");

/* A bit for each stream that is in the map: what bystanders look at first. */
#define FOLLOW_BITS 65536
extern __u64 follow_bits[FOLLOW_BITS / 64];

/* A request that a thread read from the connection `key` and that nobody has answered. */
struct follow_request {
	__u32 tid;
	__u32 pid;
	__u32 is_ours;
	__u32 unused;
};
struct follow_request_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct follow_request);
};
extern struct follow_request_map follow_requests SEC(".maps");

/* These maps drop their oldest: `table_used` has what is in them or was dropped. */
static __always_inline void keep_newest(void *map, const void *key, const void *value, enum table_id table)
{
	if (!bpf_map_update_elem(map, key, value, BPF_NOEXIST))
		__sync_fetch_and_add(&table_used[table], 1);
	else
		bpf_map_update_elem(map, key, value, BPF_EXIST);
}

/* False if it is not in it. */
static __always_inline bool keep_no_more(void *map, const void *key, enum table_id table)
{
	if (bpf_map_delete_elem(map, key))
		return false;
	__sync_fetch_and_add(&table_used[table], -1);
	return true;
}

/* Inodes of pipes and sockets that the command got from its caller: who reads those is no daemon. */
struct follow_inherited_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u8);
};
extern struct follow_inherited_map follow_inherited SEC(".maps");

#endif
