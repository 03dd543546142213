/* SPDX-License-Identifier: GPL-2.0 */
/* Following a command into daemons: who is involved, and where in which stream of bytes they stand. */
#ifndef EBTOP_FOLLOW_BPF_H
#define EBTOP_FOLLOW_BPF_H

#include "socket.bpf.h"
#include "tables.h"
#include "tcp.bpf.h"

/* Steps of one daemon in a second; past it they are counted only. */
#define FOLLOW_BUDGET 20000
#define NS_PER_SECOND_SHIFT 30
/* What may still be done for a request: so long after the last byte of it without an answer, and so long after the answer. */
#define FOLLOW_OPEN_NS 10000000000ull
#define FOLLOW_LINGER_NS 100000000ull

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

extern const volatile __u32 follow_budget;

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

/* Inodes of pipes and sockets that the command got from its caller: who reads those is no daemon. */
struct follow_inherited_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u8);
};
extern struct follow_inherited_map follow_inherited SEC(".maps");

/* From so many votes on the lead is believed, and no more than so many are kept. */
#define FOLLOW_SURE 2
#define FOLLOW_MOST_VOTES 8

/* The end of a stream that a descriptor is. */
struct follow_end {
	__u64 stream;
	__u64 sk;  /* 0 of a pipe */
	__u64 ino; /* of the sender's socket or the pipe; 0: not known */
	__u64 own_ino;
	__u64 buffer; /* in user memory: what moved, or the struct iovec that says where that is */
	__u32 is_vector;
	__u32 unused;
	__u64 position; /* of TCP: behind the last byte that moved */
	__u32 is_tcp;
	__u32 has_backlog; /* of a write: more than its own is under way; of a read: something is left */
	__u32 is_accepted;
	__u32 is_write;
};

static __always_inline __u64 follow_hash(__u64 one, __u64 other)
{
	__u64 hash = one * 0x9e3779b97f4a7c15ull;

	hash ^= hash >> 32;
	hash = (hash ^ other) * 0xff51afd7ed558ccdull;
	return hash ^ hash >> 32;
}

static __always_inline __u64 follow_address(struct sock *sk, bool is_remote, bool is_v6)
{
	__u64 words[2] = {};

	if (!is_v6)
		return is_remote ? peek(struct sock, sk, __sk_common.skc_daddr)
				 : peek(struct sock, sk, __sk_common.skc_rcv_saddr);
	if (is_remote)
		bpf_core_read(words, sizeof(words), &sk->__sk_common.skc_v6_daddr);
	else
		bpf_core_read(words, sizeof(words), &sk->__sk_common.skc_v6_rcv_saddr);
	if (!words[0] && (__u32)words[1] == 0xffff0000) /* an IPv4 address in IPv6 clothes */
		return words[1] >> 32;
	return follow_hash(words[0], words[1]);
}

/* Both ends give the stream from one to the other the same name. */
static __always_inline __u64 tcp_stream(struct sock *sk, bool is_write)
{
	bool is_v6 = peek(struct sock, sk, __sk_common.skc_family) == AF_INET6;
	__u64 local = follow_address(sk, false, is_v6) << 16 ^ peek(struct sock, sk, __sk_common.skc_num);
	__u64 remote = follow_address(sk, true, is_v6) << 16 ^ bpf_ntohs(peek(struct sock, sk, __sk_common.skc_dport));

	return (is_write ? follow_hash(local, remote) : follow_hash(remote, local)) | 1;
}

static __always_inline bool is_tcp_accepted(struct sock *sk)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	__u64 sent = peek(struct tcp_sock, tcp, bytes_sent) - peek(struct tcp_sock, tcp, bytes_retrans);

	return tcp_role_by_syn(tcp, peek(struct sock, sk, __sk_common.skc_state), sent) == WIRE_TCP_ROLE_SERVER;
}

/* Only what accept() made has the name of its listener and a peer without one. */
static __always_inline bool is_unix_accepted(struct sock *sk, struct sock *peer)
{
	return peer && peek(struct unix_sock, sk, addr) && !peek(struct unix_sock, peer, addr);
}

/* Of a stream socket at `address`; false for others. */
static __always_inline bool follow_socket(struct follow_end *end, __u64 address)
{
	struct sock *sk = (void *)address;
	__u16 family = peek(struct sock, sk, __sk_common.skc_family);
	__u16 type = peek(struct sock, sk, sk_type);

	end->sk = address;
	if (family == AF_UNIX && (type == SOCK_STREAM || type == SOCK_SEQPACKET)) {
		__u64 peer_address = peek_address(struct unix_sock, sk, peer);
		struct sock *peer = (void *)peer_address;

		if (!peer_address)
			return false;
		end->stream = end->is_write ? address : peer_address;
		end->own_ino = socket_ino(sk);
		end->ino = end->is_write ? end->own_ino : socket_ino(peer);
		end->is_accepted = is_unix_accepted(sk, peer);
		end->has_backlog = end->is_write ? peek(struct sock, peer, sk_receive_queue.qlen) > 1
						 : peek(struct sock, sk, sk_receive_queue.qlen) > 0;
		return true;
	}
	if ((family != AF_INET && family != AF_INET6) || peek(struct sock, sk, sk_protocol) != IPPROTO_TCP)
		return false;
	end->stream = tcp_stream(sk, end->is_write);
	end->own_ino = end->ino = 0;
	end->is_tcp = true;
	end->position = end->is_write ? peek(struct tcp_sock, (struct tcp_sock *)sk, write_seq)
				      : peek(struct tcp_sock, (struct tcp_sock *)sk, copied_seq);
	return true;
}

/* An address, as all that is a key: the verifier lets nobody hash a pointer. */
static __always_inline __u64 sock_of_file(struct file *file)
{
	struct socket *socket = peek(struct file, file, private_data);

	return peek_address(struct socket, socket, sk);
}

#endif
