/* SPDX-License-Identifier: GPL-2.0 */
/* The destination of an unconnected datagram: in the caller's memory, not in the socket. */
#ifndef EBTOP_DESTINATION_BPF_H
#define EBTOP_DESTINATION_BPF_H

#include "io.bpf.h"

#define DESTINATION_MAX 110  /* a struct sockaddr_un */
#define DESTINATION_WORDS 14 /* with its length */
#define INADDR_LOOPBACK 0x7f000001

struct destination {
	union {
		__u16 family;
		struct {
			__u16 family_v4;
			__be16 port;
			__u8 v4[4];
			__u8 v6[16]; /* after the flow label, which is at the offset of v4 */
		};
		struct {
			char bytes[DESTINATION_MAX];
			__u16 len;
		};
		__u64 words[DESTINATION_WORDS];
	};
};

/* The machine's own addresses, IPv4 as ::ffff:a.b.c.d; loopback is always included. Other addresses belong to no process
 * here. */
struct address_key {
	__u8 bytes[16];
};
struct own_addresses_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct address_key);
	__type(value, __u8);
};
extern struct own_addresses_map own_addresses SEC(".maps");

static __always_inline bool read_destination(struct destination *destination, __u64 address, __u32 len)
{
	__builtin_memset(destination, 0, sizeof(*destination));
	if (len < 4 || len > DESTINATION_MAX || bpf_probe_read_user(destination->bytes, len, (void *)address))
		return false;
	destination->len = len;
	return true;
}

static __always_inline bool is_own_v4(const __u8 *address)
{
	struct address_key key = {.bytes = {[10] = 0xff, [11] = 0xff}};

	__builtin_memcpy(key.bytes + 12, address, 4);
	return address[0] == 127 || bpf_map_lookup_elem(&own_addresses, &key);
}

static __always_inline bool is_own_v6(const __u8 *address)
{
	struct address_key key;

	if (is_v4_mapped(address))
		return is_own_v4(address + 12);
	__builtin_memcpy(key.bytes, address, 16);
	if (*(__u64 *)key.bytes == 0 && *(__u64 *)(key.bytes + 8) == 1ull << 56)
		return true;
	return bpf_map_lookup_elem(&own_addresses, &key) != NULL;
}

static __always_inline void set_v4(__u8 *address, __be32 value)
{
	if (*(__be32 *)address == 0)
		*(__be32 *)address = value;
}

static __always_inline void set_v6(struct destination *destination, struct sock *sk, __be32 source)
{
	__u64 *halves = (__u64 *)destination->v6;
	__u8 local[16];

	if (is_v4_mapped(destination->v6)) {
		set_v4(destination->v6 + 12, source);
		return;
	}
	if (halves[0] || halves[1])
		return;
	bpf_core_read(local, sizeof(local), &sk->__sk_common.skc_v6_rcv_saddr);
	halves[1] = is_v4_mapped(local) ? (__u64)bpf_htonl(INADDR_LOOPBACK) << 32 | 0xffff0000 : 1ull << 56;
}

/* A datagram to the unspecified address goes to the sender's own address or else to loopback, as the kernel fills it in
 * before sending (ip_route_output_key_hash_rcu, udpv6_sendmsg). For UDP over IPv4 a missing family means IPv4. A
 * function of its own, as below. */
static __noinline __attribute__((unused)) int resolve_destination(struct destination *destination, struct file *file)
{
	struct socket *socket = peek(struct file, file, private_data);
	struct sock *sk = peek(struct socket, socket, sk);
	__u16 family = peek(struct sock, sk, __sk_common.skc_family);
	__be32 source;

	if (family != AF_INET && family != AF_INET6)
		return 0;
	source = peek(struct inet_sock, sk, inet_saddr);
	if (!source)
		source = bpf_htonl(INADDR_LOOPBACK);
	if (destination->family == AF_UNSPEC && family == AF_INET)
		destination->family = AF_INET;
	if (destination->family == AF_INET)
		set_v4(destination->v4, source);
	else if (destination->family == AF_INET6)
		set_v6(destination, sk, source);
	return 0;
}

/* A function of its own: its stack is free again before the destination is announced. */
static __noinline __attribute__((unused)) int is_on_this_machine(struct destination *destination)
{
	if (destination->family == AF_INET)
		return is_own_v4(destination->v4);
	if (destination->family == AF_INET6)
		return is_own_v6(destination->v6);
	return destination->family == AF_UNIX;
}

/* Odd: the generation of the socket itself is even. The flow label of IPv6 may change, so it is not included. */
static __always_inline __u32 destination_hash(struct destination *destination)
{
	__u64 hash = 0;

	for (int i = 0; i < DESTINATION_WORDS; i++) {
		__u64 word = destination->words[i];

		if (i == 0 && destination->family == AF_INET6)
			word &= 0xffffffff;
		hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 32;
	}
	return hash | 1;
}

#endif
