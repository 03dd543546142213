// SPDX-License-Identifier: GPL-2.0
// TCP: every change of state, and all sockets of a network namespace by an iterator. Nothing per packet: the kernel counts
// bytes in the socket itself.
#include "lib/ring.bpf.h"
#include "lib/task.bpf.h"
#include "lib/tcp.bpf.h"
#include "lib/tracepoint.bpf.h"

/* Most changes happen in softirq, with any task as current; connect() and listen() run in their caller. */
static __always_inline bool is_made_by_current(int from, int to)
{
	return to == WIRE_TCP_STATE_SYN_SENT || (from == WIRE_TCP_STATE_CLOSE && to == WIRE_TCP_STATE_LISTEN);
}

/* The copy of a listener: most kernels set its addresses and its cookie after this. */
static __always_inline bool is_unborn(int from, int to)
{
	return from == WIRE_TCP_STATE_LISTEN && to == WIRE_TCP_STATE_SYN_RECV;
}

static __always_inline bool is_reported(struct sock *sk, int from, int to)
{
	return peek(struct sock, sk, sk_protocol) == IPPROTO_TCP && !is_unborn(from, to);
}

static __always_inline void send_change(struct sock *sk, int from, int to, __u64 cookie)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	bool is_owner = is_made_by_current(from, to);
	__u32 pid = is_owner ? bpf_get_current_pid_tgid() >> 32 : 0;
	struct wire_tcp *record;

	if (is_owner && !is_wanted(pid))
		return;
	record = ring_reserve(PROBE_TCP, WIRE_TCP, sizeof(*record), pid, is_owner ? process_start(task) : 0);
	if (!record)
		return;
	fill_tcp(record, sk, cookie, from, to);
	record->how = WIRE_HOW_USED;
	ring_submit(record);
}

static __always_inline struct taken_event change_of(struct sock *sk, int to)
{
	return (struct taken_event){tcp_cookie(sk), event_of(PROBE_TCP, to)};
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(ebtop_tcp, struct sock *sk, int from, int to)
{
	if (!has_cookies && is_unborn(from, to))
		forget_socket(sk);
	if (by_perf) {
		struct taken_event change = change_of(sk, to);

		if (was_taken(PROBE_TCP, (__u64)sk, &change))
			return 0;
	}
	/* makes the cookie if there is none; code that has a descriptor of the socket reads it there */
	if (is_reported(sk, from, to))
		send_change(sk, from, to, socket_cookie(sk, true));
	return 0;
}

/* Runs before ebtop_tcp_perf, since perf's programs cannot make cookies. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(ebtop_tcp_name, struct sock *sk, int from, int to)
{
	if (is_reported(sk, from, to) && !tcp_cookie(sk))
		bpf_get_socket_cookie(sk);
	return 0;
}

/* Also marks changes that are not sent, or ebtop_tcp would count as skipped for them. */
SEC("tp/sock/inet_sock_set_state")
int ebtop_tcp_perf(void *ctx)
{
	struct sock *sk = (struct sock *)event_field(ctx, inet_sock_set_state, skaddr);
	int from = event_field(ctx, inet_sock_set_state, oldstate), to = event_field(ctx, inet_sock_set_state, newstate);
	struct taken_event change = change_of(sk, to);
	bool is_to_report = is_reported(sk, from, to);

	if ((is_to_report && !change.whose) || !take_event(PROBE_TCP, (__u64)sk, &change))
		return 0;
	if (is_to_report)
		send_change(sk, from, to, change.whose);
	return 0;
}

SEC("iter/tcp")
int ebtop_tcps(struct bpf_iter__tcp *ctx)
{
	struct sock_common *common = ctx->sk_common;
	struct wire_tcp record;
	__u64 cookie;
	__u8 state;

	if (!common)
		return 0;
	__builtin_memset(&record.head, 0, sizeof(record.head));
	record.head.type = WIRE_TCP;
	record.head.size = sizeof(record);
	record.head.time = bpf_ktime_get_boot_ns();
	state = peek(struct sock_common, common, skc_state);
	cookie = socket_cookie(common, state != WIRE_TCP_STATE_TIME_WAIT && state != WIRE_TCP_STATE_NEW_SYN_RECV);
	if (state == WIRE_TCP_STATE_TIME_WAIT) {
		fill_tcp_common(&record, common, cookie);
	} else if (state == WIRE_TCP_STATE_NEW_SYN_RECV) { /* a request: not a socket yet */
		fill_tcp_common(&record, common, cookie);
		record.state = WIRE_TCP_STATE_SYN_RECV;
		record.role = WIRE_TCP_ROLE_SERVER;
	} else {
		fill_tcp(&record, (struct sock *)common, cookie, state, state);
	}
	record.how = WIRE_HOW_HELD;
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
