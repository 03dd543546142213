/* SPDX-License-Identifier: GPL-2.0 */
/* Fills struct wire_tcp from a socket; used at state changes and by the iterator. */
#ifndef EBTOP_TCP_BPF_H
#define EBTOP_TCP_BPF_H

#include <bpf/bpf_endian.h>
#include "socket.bpf.h"

#define SOCK_DONE_BIT 1

/* A v4 connection of a dual-stack socket is reported as v4. The wildcard address of a dual-stack listener is neither and
 * stays unchanged. */
static __always_inline void tcp_addresses_v6(struct wire_tcp *record, struct sock_common *common)
{
	bpf_core_read(record->local, sizeof(record->local), &common->skc_v6_rcv_saddr);
	bpf_core_read(record->remote, sizeof(record->remote), &common->skc_v6_daddr);
	if (!is_v4_mapped(record->remote) && !is_v4_mapped(record->local))
		return;
	record->family = AF_INET;
	__builtin_memcpy(record->local, record->local + 12, 4);
	__builtin_memcpy(record->remote, record->remote + 12, 4);
	__builtin_memset(record->local + 4, 0, 12);
	__builtin_memset(record->remote + 4, 0, 12);
}

/* What full sockets, requests and TIME_WAIT have in common. All of them have the same cookie. */
static __always_inline void fill_tcp_common(struct wire_tcp *record, struct sock_common *common, __u64 cookie)
{
	clear_body(record);
	record->sock = cookie;
	record->netns = BPF_CORE_READ(common, skc_net.net, ns.inum);
	record->family = peek(struct sock_common, common, skc_family);
	record->local_port = peek(struct sock_common, common, skc_num);
	record->remote_port = bpf_ntohs(peek(struct sock_common, common, skc_dport));
	record->state = peek(struct sock_common, common, skc_state);
	if (record->family == AF_INET6) {
		tcp_addresses_v6(record, common);
		return;
	}
	*(__u32 *)record->local = peek(struct sock_common, common, skc_rcv_saddr);
	*(__u32 *)record->remote = peek(struct sock_common, common, skc_daddr);
}

/* bytes_acked counts the SYN of the side that connected, so before a FIN is sent it is one more than the data. */
static __always_inline __u8 tcp_role_by_syn(struct tcp_sock *tcp, __u8 state, __u64 sent)
{
	__u32 unacked = peek(struct tcp_sock, tcp, snd_nxt) - peek(struct tcp_sock, tcp, snd_una);
	__u64 syn = peek(struct tcp_sock, tcp, bytes_acked) + unacked - sent;

	if (state != WIRE_TCP_STATE_ESTABLISHED && state != WIRE_TCP_STATE_CLOSE_WAIT)
		return WIRE_TCP_ROLE_UNKNOWN;
	if (syn > 1)
		return WIRE_TCP_ROLE_UNKNOWN;
	return syn ? WIRE_TCP_ROLE_CLIENT : WIRE_TCP_ROLE_SERVER;
}

static __always_inline __u8 tcp_role(struct tcp_sock *tcp, __u8 from, __u8 to, __u64 sent)
{
	if (from == WIRE_TCP_STATE_LISTEN || to == WIRE_TCP_STATE_LISTEN)
		return WIRE_TCP_ROLE_LISTENER;
	if (from == WIRE_TCP_STATE_SYN_SENT || to == WIRE_TCP_STATE_SYN_SENT)
		return WIRE_TCP_ROLE_CLIENT;
	if (from == WIRE_TCP_STATE_SYN_RECV || to == WIRE_TCP_STATE_SYN_RECV)
		return WIRE_TCP_ROLE_SERVER;
	return tcp_role_by_syn(tcp, from, sent);
}

/* A full socket that changes its state; in a pass both states are the same. */
static __always_inline void fill_tcp(struct wire_tcp *record, struct sock *sk, __u64 cookie, __u8 from, __u8 to)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	__u64 sent = peek(struct tcp_sock, tcp, bytes_sent) - peek(struct tcp_sock, tcp, bytes_retrans);
	__u16 port = bpf_ntohs(peek(struct inet_sock, sk, inet_sport));
	bool has_fin = peek(struct sock, sk, __sk_common.skc_flags) >> SOCK_DONE_BIT & 1;

	fill_tcp_common(record, (struct sock_common *)sk, cookie);
	if (port)
		record->local_port = port; /* at TCP_CLOSE the other field is already cleared */
	record->old_state = from;
	record->state = to;
	record->role = tcp_role(tcp, from, to, sent);
	record->ino = socket_ino(sk);
	if (to == WIRE_TCP_STATE_LISTEN)
		return;
	record->tx_bytes = sent;
	record->rx_bytes = peek(struct tcp_sock, tcp, bytes_received) - has_fin;
	record->rtt_us = peek(struct tcp_sock, tcp, srtt_us) >> 3;
	record->retransmits = peek(struct tcp_sock, tcp, total_retrans);
	record->error = peek(struct sock, sk, sk_err);
}

#endif
