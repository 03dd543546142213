/* SPDX-License-Identifier: GPL-2.0 */
/* Multishot requests of io_uring. For all their completions but the last the kernel passes only the ring and the user
 * data: the request is searched for by these. */
#ifndef EBTOP_MULTISHOT_BPF_H
#define EBTOP_MULTISHOT_BPF_H

#include "uring.bpf.h"

struct multishot_key {
	__u64 ring;
	__u64 user_data;
};

struct multishot {
	__u64 request;
	__u64 header; /* for recvmsg: bytes that the kernel puts before each message */
};

/* Requests from their submission on. The ring itself has those that wait for data, so the oldest may be evicted. */
struct multishot_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct multishot_key);
	__type(value, struct multishot);
};
extern struct multishot_map multishots SEC(".maps");

#define GOLDEN_RATIO_64 0x61c8864680b583ebull
#define BUCKET_LENGTH 16 /* requests examined; a ring has about as many buckets as it holds completions */
#define RECVMSG_OUT 16	 /* sizeof(struct io_uring_recvmsg_out) */
#define MSGHDR_NAMELEN 8 /* offset in the program's struct msghdr */
#define MSGHDR_CONTROLLEN 40

static __always_inline struct multishot_key key_of(struct io_kiocb *request)
{
	return (struct multishot_key){(__u64)BPF_CORE_READ(request, ctx), BPF_CORE_READ(request, cqe.user_data)};
}

static __always_inline bool has_key(struct io_kiocb *request, struct multishot_key *key)
{
	struct multishot_key own;

	if (!is_multishot(request, BPF_CORE_READ(request, opcode)))
		return false;
	own = key_of(request);
	return own.ring == key->ring && own.user_data == key->user_data;
}

/* The size of the header before each message: a struct io_uring_recvmsg_out and room for address and control data. Up to
 * 6.9 the request has no copy of the sizes before its first wait: then the program's own are read. */
static __always_inline __u64 message_header(struct io_kiocb *request)
{
	struct io_async_msghdr *copy = BPF_CORE_READ(request, async_data);
	__u64 message, control_len = 0;
	__u32 name_len = 0;

	if (copy)
		return RECVMSG_OUT + (__u32)BPF_CORE_READ(copy, namelen) + BPF_CORE_READ(copy, controllen);
	message = (__u64)BPF_CORE_READ((struct io_sr_msg *)request, umsg);
	bpf_probe_read_user(&name_len, sizeof(name_len), (void *)(message + MSGHDR_NAMELEN));
	bpf_probe_read_user(&control_len, sizeof(control_len), (void *)(message + MSGHDR_CONTROLLEN));
	return RECVMSG_OUT + name_len + control_len;
}

static __always_inline void remember_multishot(struct io_kiocb *request)
{
	__u8 opcode = BPF_CORE_READ(request, opcode);
	struct multishot_key key = key_of(request);
	struct multishot value = {.request = (__u64)request};

	if (opcode == IORING_OP_RECVMSG)
		value.header = message_header(request);
	bpf_map_update_elem(&multishots, &key, &value, BPF_ANY);
}

static __always_inline void forget_multishot(struct io_kiocb *request)
{
	struct multishot_key key;
	struct multishot *known;

	if (!is_multishot(request, BPF_CORE_READ(request, opcode)))
		return;
	key = key_of(request);
	known = bpf_map_lookup_elem(&multishots, &key);
	if (known && known->request == (__u64)request)
		bpf_map_delete_elem(&multishots, &key);
}

struct multishot_search {
	struct multishot_key key;
	__u64 node; /* the next one of the bucket */
	struct io_kiocb *found;
	bool is_shared; /* two requests for different files match: even the program cannot tell which of them completes */
};

static __always_inline void look_at(struct io_kiocb *request, struct multishot_search *search)
{
	struct io_kiocb *before = search->found;

	if (!has_key(request, &search->key))
		return;
	if (before && BPF_CORE_READ(before, file) != BPF_CORE_READ(request, file))
		search->is_shared = true;
	search->found = request;
}

static long look_at_next(__u32 index, struct multishot_search *search)
{
	struct hlist_node *node = (struct hlist_node *)search->node;

	if (!node)
		return 1;
	look_at((void *)node - bpf_core_field_offset(struct io_kiocb, hash_node), search);
	search->node = (__u64)BPF_CORE_READ(node, next);
	return 0;
}

/* Examines the requests of a ring that wait for data. */
static __always_inline void search_waiting(struct io_hash_table *waiting, struct multishot_search *search)
{
	__u32 bits = BPF_CORE_READ(waiting, hash_bits) & 31;
	__u64 hash = search->key.user_data * GOLDEN_RATIO_64;
	void *bucket = BPF_CORE_READ(waiting, hbs);

	if (!bucket || !bits)
		return;
	bucket += (hash >> (64 - bits)) * bpf_core_type_size(struct io_hash_bucket);
	search->node = (__u64)BPF_CORE_READ((struct io_hash_bucket *)bucket, list.first);
	bpf_loop(BUCKET_LENGTH, look_at_next, search, 0);
}

/* Finds the request of a completion without one, if it reads, writes or accepts. */
static __always_inline void find_multishot(struct multishot_search *search)
{
	struct multishot *known = bpf_map_lookup_elem(&multishots, &search->key);
	void *ring = (void *)search->key.ring;

	if (known)
		look_at((void *)known->request, search);
	search_waiting(ring + bpf_core_field_offset(struct io_ring_ctx, cancel_table), search);
	if (bpf_core_field_exists(struct io_ring_ctx___6_12, cancel_table_locked))
		search_waiting(ring + bpf_core_field_offset(struct io_ring_ctx___6_12, cancel_table_locked), search);
	if (search->found && !known)
		remember_multishot(search->found);
}

/* The bytes that the program received. */
static __always_inline __u64 payload(struct io_kiocb *request, __u8 opcode, __s32 result)
{
	struct multishot_key key = key_of(request);
	struct multishot *known;

	if (opcode != IORING_OP_RECVMSG || !is_multishot(request, opcode))
		return result;
	known = bpf_map_lookup_elem(&multishots, &key);
	return known && known->request == (__u64)request && known->header < result ? result - known->header : 0;
}

#endif
