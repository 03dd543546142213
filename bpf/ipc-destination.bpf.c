// SPDX-License-Identifier: GPL-2.0
// Datagrams to an address passed with the call: counted for each destination, in addition to the socket's own counts.
#include "lib/destination.bpf.h"
#include "lib/ipc-calls.bpf.h"
#include "lib/message.bpf.h"
#include "lib/tracepoint.bpf.h"

static __always_inline void fill_inet_destination(struct wire_object *record, struct destination *destination)
{
	record->remote_port = bpf_ntohs(destination->port);
	if (destination->family == AF_INET) {
		__builtin_memcpy(record->remote, destination->v4, 4);
	} else if (is_v4_mapped(destination->v6)) {
		record->family = AF_INET;
		__builtin_memcpy(record->remote, destination->v6 + 12, 4);
	} else {
		__builtin_memcpy(record->remote, destination->v6, 16);
	}
}

/* A path ends at its NUL, an abstract name at the given length. */
static __always_inline void fill_unix_destination(struct wire_object *record, struct path_scratch *scratch,
						  struct destination *destination)
{
	__u32 len = destination->len - 2;

	barrier_var(len); /* or clang takes the index from destination->len, whose bound 6.1's verifier does not know */
	if (destination->bytes[2] && len > 1 && len <= 108 && !destination->bytes[len + 1])
		len--;
	record->peer = 0;
	path_set(scratch, destination->bytes + 2, len & 127);
	record->name_len = path_len(scratch);
	record->name_flags = WIRE_TEXT_PEER;
}

static __noinline int announce_destination(struct io_use *use, struct io_slot *slot, __u32 index,
					   struct destination *destination)
{
	struct path_scratch *scratch = path_acquire();
	struct wire_object *record;

	if (!scratch) {
		count_lost(PROBE_IPC);
		return 0;
	}
	record = (void *)scratch->header;
	fill_object(scratch, use->file, WIRE_HOW_USED);
	record->head.pid = use->pid;
	record->head.start = use->start;
	record->slot = index;
	record->gen = slot->gen;
	if (destination->family == AF_UNIX)
		fill_unix_destination(record, scratch, destination);
	else
		fill_inet_destination(record, destination);
	if (path_output(scratch, PROBE_IPC, record, sizeof(*record)))
		slot->announced = IO_ANNOUNCED;
	path_release(scratch);
	return 0;
}

static __always_inline bool is_datagram(struct file *file)
{
	struct socket *socket = peek(struct file, file, private_data);
	struct sock *sk;

	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return false;
	sk = peek(struct socket, socket, sk);
	return sk && peek(struct sock, sk, sk_type) == SOCK_DGRAM;
}

static __noinline int count_datagram(struct io_use *use, __u64 address, __u32 len)
{
	struct destination destination;
	struct identity identity;
	struct io_slot *slot;
	__u32 index = 0;

	if (!read_destination(&destination, address, len))
		return 0;
	resolve_destination(&destination, use->file);
	if (!is_on_this_machine(&destination))
		return 0;
	identify(use->file, &identity, false);
	identity.gen ^= destination_hash(&destination);
	slot = io_slot_of(use, &identity, &index);
	if (!slot)
		return 0;
	io_add(slot, use);
	if (announce_objects && slot->announced != IO_ANNOUNCED)
		announce_destination(use, slot, index, &destination);
	return 0;
}

struct elements {
	struct io_use *use;
	__u64 at;
};

/* Reads only the first fields of the header: stack is scarce. */
static __always_inline void count_message(struct io_use *use, __u64 header)
{
	__u64 name[2];

	if (!bpf_probe_read_user(name, sizeof(name), (void *)header) && name[0])
		count_datagram(use, name[0], name[1]);
}

static long count_element(__u32 index, struct elements *elements)
{
	__u64 element = elements->at + index * sizeof(struct message_element);
	__u32 len;

	if (bpf_probe_read_user(&len, sizeof(len), (void *)(element + sizeof(struct message_header))))
		return 1;
	elements->use->bytes = len;
	count_message(elements->use, element);
	return 0;
}

/* For sendto, sendmsg and sendmmsg, after the socket itself was counted. */
static __always_inline void handle_send(struct pt_regs *regs, long ret)
{
	struct task_struct *task = current_task();
	struct io_use use = {
		.file = file_of(task, native_argument(regs, 0)),
		.pid = own(struct task_struct, task, tgid),
		.start = process_start(task),
		.bytes = ret,
		.calls = 1,
		.operation = IO_WRITE,
	};
	struct elements elements = {.use = &use, .at = native_argument(regs, 1)};

	if (!use.file || !is_datagram(use.file))
		return;
	if (call_number(regs) == NR_SENDTO) {
		if (native_argument(regs, 4))
			count_datagram(&use, native_argument(regs, 4), native_argument(regs, 5));
	} else if (call_number(regs) == NR_SENDMMSG) {
		count_left_out(PROBE_IPC, OLD_MESSAGES_MAX, ret);
		loop(OLD_MESSAGES_MAX, ret > MESSAGES_MAX ? MESSAGES_MAX : ret, count_element, &elements);
	} else {
		count_message(&use, native_argument(regs, 1));
	}
}

/* A tail call of ebtop_sys_exit for sendto, sendmsg and sendmmsg. */
SYS_EXIT_PROG(ebtop_send)
{
	if (ret < 0)
		return 0;
	handle_send(regs, ret);
	if (call_number(regs) != NR_SENDTO)
		bpf_tail_call(ctx, &ipc_calls, CALL_RECEIVE_MESSAGE);
	return 0;
}
