// SPDX-License-Identifier: GPL-2.0
// The TCP connections that the command makes.
#include "lib/follow-step.bpf.h"
#include "lib/follow-stream.bpf.h"

/* Remembers the command's connection before the other side can accept it. The port is chosen after SYN_SENT. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(ebtop_joined, struct sock *sk, int from, int to)
{
	struct follow_request owner = {};
	struct follow_end end = {.is_write = true, .is_tcp = true};
	__u64 key = (__u64)sk;
	__u32 pid;

	if (peek(struct sock, sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	if (to == WIRE_TCP_STATE_SYN_SENT) {
		pid = bpf_get_current_pid_tgid() >> 32;
		if (is_of_command(pid))
			keep_newest(&follow_requests, &key, &owner, TABLE_FOLLOW_REQUEST);
	} else if (from == WIRE_TCP_STATE_SYN_SENT && remove_kept(&follow_requests, &key, TABLE_FOLLOW_REQUEST) &&
		   to == WIRE_TCP_STATE_ESTABLISHED) {
		end.stream = tcp_stream((__u64)as_number(sk), true);
		make_stream(end.stream, 0, true, 0);
	}
	return 0;
}
