/* SPDX-License-Identifier: GPL-2.0 */
/* Streams of bytes from one end to the other: which end a descriptor is, and the position in the stream of the bytes
 * that moved. */
#ifndef EBTOP_FOLLOW_STREAM_BPF_H
#define EBTOP_FOLLOW_STREAM_BPF_H

#include "follow.bpf.h"
#include "socket.bpf.h"
#include "tcp.bpf.h"

/* The lead is believed from this many votes on; at most that many are kept. */
#define FOLLOW_SURE 2
#define FOLLOW_MOST_VOTES 8
#define FOLLOW_PIPE_BUFFERS 16

/* The header of a D-Bus message, of which a step tells the same. Without a serial it is none. */
struct bus_message {
	__u32 serial;
	__u32 reply_serial;
	__u32 sender;
	__u32 destination;
};

/* The end of a stream that a descriptor refers to. */
struct follow_end {
	__u64 stream;
	__u64 sk;  /* 0 of a pipe */
	__u64 ino; /* of the sender's socket or the pipe; 0: not known */
	__u64 own_ino;
	__u64 buffer; /* in user memory: the bytes, or the struct iovec that points to them */
	__u32 is_vector;
	__u8 is_polled;	   /* an epoll set has it */
	__u8 is_ours_open; /* as WIRE_STEP_OURS_OPEN */
	__u16 is_alone;	   /* as WIRE_STEP_ALONE */
	__u64 actor;	   /* key of the current one in follow_threads */
	__u64 now;	   /* CLOCK_BOOTTIME */
	__u64 position;	   /* for TCP: after the last byte that moved */
	__u32 is_tcp;
	__u32 has_backlog; /* for a write: more than its own bytes are in transit; for a read: some are left */
	__u32 is_accepted;
	__u32 is_write;
	struct bus_message message;
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
	if (!words[0] && (__u32)words[1] == 0xffff0000) /* an IPv4-mapped IPv6 address */
		return words[1] >> 32;
	return follow_hash(words[0], words[1]);
}

/* Both ends compute the same key for the stream. Global, so that it is verified once. */
__weak __noinline __u64 tcp_stream(__u64 address, bool is_write)
{
	struct sock *sk = (void *)address;
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

/* Only a socket made by accept() has a name (its listener's) and a peer without one. */
static __always_inline bool is_unix_accepted(struct sock *sk, struct sock *peer)
{
	return peer && peek(struct unix_sock, sk, addr) && !peek(struct unix_sock, peer, addr);
}

static __always_inline __u32 pipe_backlog(struct inode *inode)
{
	struct pipe_inode_info *pipe = peek(struct inode, inode, i_pipe);

	return BPF_CORE_READ(pipe, head) - BPF_CORE_READ(pipe, tail);
}

/* The bytes that are in transit; -1: they are in more buffers than are looked at. Small writes share a buffer. */
static __always_inline __s64 pipe_bytes(struct inode *inode)
{
	struct pipe_inode_info *pipe = peek(struct inode, inode, i_pipe);
	__u32 head = BPF_CORE_READ(pipe, head), at = BPF_CORE_READ(pipe, tail), mask = BPF_CORE_READ(pipe, ring_size) - 1;
	__u64 buffers = peek_address(struct pipe_inode_info, pipe, bufs);
	__s64 bytes = 0;

	if (head - at > FOLLOW_PIPE_BUFFERS)
		return -1;
	for (int i = 0; i < FOLLOW_PIPE_BUFFERS && at != head; i++, at++) {
		struct pipe_buffer *buffer = (void *)(buffers + (at & mask) * bpf_core_type_size(struct pipe_buffer));

		bytes += BPF_CORE_READ(buffer, len);
	}
	return bytes;
}

/* Fills `end` for the stream socket at `address`; false for others. */
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
	end->stream = tcp_stream(address, end->is_write);
	end->own_ino = end->ino = 0;
	end->is_tcp = true;
	end->position = end->is_write ? peek(struct tcp_sock, (struct tcp_sock *)sk, write_seq)
				      : peek(struct tcp_sock, (struct tcp_sock *)sk, copied_seq);
	return true;
}

/* The address as a number, since it becomes a key: the verifier does not allow hashing a pointer. */
static __always_inline __u64 sock_of_file(struct file *file)
{
	struct socket *socket = peek(struct file, file, private_data);

	return peek_address(struct socket, socket, sk);
}

static __always_inline bool is_polled(struct file *file)
{
	return peek_address(struct file, file, f_ep);
}

static __always_inline __u16 file_format(struct file *file)
{
	__u64 inode = peek_address(struct file, file, f_inode);

	return peek(struct inode, (struct inode *)inode, i_mode) & S_IFMT;
}

/* The same for a pipe or a stream socket. */
static __always_inline bool follow_file(struct follow_end *end, struct file *file)
{
	__u16 format = file_format(file);
	__u64 inode, sk;

	if (format == S_IFSOCK) {
		sk = sock_of_file(file);
		end->is_polled = is_polled(file);
		return sk && follow_socket(end, sk);
	}
	if (format != S_IFIFO)
		return false;
	inode = peek_address(struct file, file, f_inode);
	end->ino = end->own_ino = peek(struct inode, (struct inode *)inode, i_ino);
	end->stream = inode;
	end->has_backlog = pipe_backlog((struct inode *)inode) > end->is_write;
	return true;
}

static __always_inline bool is_known_stream(__u64 stream)
{
	__u64 hash = follow_hash(stream, 0);

	return follow_bits[hash / 64 % (FOLLOW_BITS / 64)] >> (hash & 63) & 1;
}

/* `ino`: 0 if it is not known. */
static __always_inline struct follow_stream *find_stream(__u64 key, __u64 ino)
{
	struct follow_stream *stream;

	if (!is_known_stream(key))
		return NULL;
	stream = bpf_map_lookup_elem(&follow_streams, &key);
	return stream && (!ino || stream->ino == ino) ? stream : NULL;
}

static __always_inline struct follow_stream *stream_of(struct follow_end *end)
{
	return find_stream(end->stream, end->ino);
}

static __noinline struct follow_stream *make_stream(__u64 key, __u64 ino, bool is_ours, __s64 lead)
{
	struct follow_stream stream = {.ino = ino, .is_ours = is_ours, .lead = lead, .votes = lead ? 0 : FOLLOW_SURE};
	__u64 hash = follow_hash(key, 0);

	keep_newest(&follow_streams, &key, &stream, TABLE_FOLLOW_STREAM);
	__sync_fetch_and_or(&follow_bits[hash / 64 % (FOLLOW_BITS / 64)], 1ull << (hash & 63));
	return bpf_map_lookup_elem(&follow_streams, &key);
}

/* For a write of `bytes` bytes. What else is in transit was written before counting began. */
static __always_inline struct follow_stream *add_stream(struct follow_end *end, bool is_ours, __u64 bytes)
{
	__s64 before = end->sk ? end->has_backlog : pipe_bytes((struct inode *)end->stream) - (__s64)bytes;

	return make_stream(end->stream, end->ino, is_ours, before);
}

static __always_inline void vote(struct follow_stream *stream, __s64 lead)
{
	if (lead == stream->lead) {
		if (stream->votes < FOLLOW_MOST_VOTES)
			stream->votes++;
	} else if (stream->votes > 0) {
		stream->votes--;
	} else {
		stream->lead = lead;
		stream->votes = 1;
	}
}

/* The position of the first byte that moved; 0 if the stream is not known. */
static __always_inline __u64 move_on(struct follow_end *end, struct follow_stream *stream, __u64 bytes)
{
	__u64 before;

	if (end->is_tcp)
		return (__u32)(end->position - bytes);
	if (!stream)
		return 0;
	if (end->is_write)
		return __sync_fetch_and_add(&stream->written, bytes);
	before = __sync_fetch_and_add(&stream->read, bytes);
	if (!end->has_backlog)
		vote(stream, (__s64)(before + bytes - stream->written));
	return before - stream->lead;
}

/* A hash of the content: nothing else of it leaves the kernel. */
__weak __noinline __u32 mark_of(struct follow_end *end, __u64 bytes)
{
	__u64 words[4] = {}, buffer[2] = {}, hash = 1;
	__u32 len = bytes < sizeof(words) ? bytes : sizeof(words);

	if (!end)
		return 0;
	buffer[0] = end->buffer;
	if (end->is_vector) {
		if (bpf_probe_read_user(buffer, sizeof(buffer), (void *)end->buffer) || buffer[1] < len)
			return 0;
	}
	barrier_var(len);
	if (len > sizeof(words) || bpf_probe_read_user(words, len, (void *)buffer[0]))
		return 0;
	for (int i = 0; i < 4; i++)
		hash = follow_hash(words[i], hash);
	return (__u32)hash | 1;
}

#endif
