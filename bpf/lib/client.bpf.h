/* SPDX-License-Identifier: GPL-2.0 */
/* --pid and --comm: which process connected to a unix socket of a wanted one. It may be gone before a pass over
 * descriptors finds it, but when the connection is accepted or first used, the socket still names it. */
#ifndef EBTOP_CLIENT_BPF_H
#define EBTOP_CLIENT_BPF_H

#include "object.bpf.h"
#include "ring.bpf.h"
#include "task.bpf.h"

/* The leader of the process that connected; NULL if it is gone, or if `sk` was not made by accept(): only accepted
 * sockets have a name (the listener's) and a peer without one. The connecting socket names the process that listened,
 * which need not be the one that serves. */
static __always_inline struct task_struct *client_of(struct sock *sk, struct sock *peer)
{
	struct hlist_node *node;

	if (!peer || !peek(struct unix_sock, sk, addr) || peek(struct unix_sock, peer, addr))
		return NULL;
	node = BPF_CORE_READ(sk, sk_peer_pid, tasks[0].first);
	return node ? (void *)node - bpf_core_field_offset(struct task_struct, pid_links) : NULL;
}

static __always_inline void send_client(struct task_struct *client, __u32 pid, __u64 start)
{
	struct wire_process *record = ring_reserve(PROBE_FILE, WIRE_PROCESS, sizeof(*record), pid, start);

	if (!record)
		return;
	clear_body(record);
	bpf_core_read(record->comm, sizeof(record->comm), &client->comm);
	record->flags = WIRE_PROCESS_FOREIGN;
	ring_submit(record);
}

/* The other end of the socket `near`, as an object of the client. */
static __always_inline void send_client_end(struct wire_object *near, __u32 pid, __u64 start)
{
	struct wire_object *record = ring_reserve(PROBE_FILE, WIRE_OBJECT, sizeof(*record), pid, start);

	if (!record)
		return;
	clear_body(record);
	record->slot = WIRE_NO_SLOT;
	record->dev = near->dev;
	record->ino = near->peer_ino;
	record->gen = address_generation(socket_inode((void *)near->peer));
	record->kind = near->kind;
	record->how = WIRE_HOW_HELD;
	record->mode = near->mode;
	record->fmode = near->fmode;
	record->sock = near->peer;
	record->peer = near->sock;
	record->peer_ino = near->ino;
	record->netns = near->netns;
	record->family = near->family;
	record->is_foreign = true;
	ring_submit(record);
}

/* `near` is in scratch->header. Global, see walk_path(). */
__weak __noinline int announce_client(REFERENCE(struct path_scratch) reference)
{
	struct path_scratch *scratch = referred(&path_scratches, reference);
	struct task_struct *client;
	struct wire_object *near;
	__u64 start;
	__u32 pid;

	if (!scratch)
		return 0;
	near = (void *)scratch->header;
	if ((near->kind != WIRE_KIND_UNIX_STREAM && near->kind != WIRE_KIND_UNIX_SEQPACKET) || !near->peer_ino)
		return 0;
	client = client_of((void *)near->sock, (void *)near->peer);
	if (!client)
		return 0;
	pid = peek(struct task_struct, client, tgid);
	if (is_wanted(pid))
		return 0;
	start = process_start(client);
	send_client(client, pid, start);
	send_client_end(near, pid, start);
	return 0;
}

#endif
