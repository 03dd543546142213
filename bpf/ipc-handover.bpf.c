// SPDX-License-Identifier: GPL-2.0
// Descriptors handed from one process to another: SCM_RIGHTS over unix sockets, and pidfd_getfd.
#include "lib/message.bpf.h"
#include "lib/object.bpf.h"
#include "lib/tracepoint.bpf.h"

#define CONTROLS 4     /* control messages read in one header; more are counted as lost */
#define RIGHTS_MAX 253 /* descriptors in one of them: the kernel's limit */
#define PIDFS_MAGIC 0x50494446

struct handover {
	__u64 sock;
	__u64 other_start;
	__u32 other_pid;
	__u32 how;
};

/* Sends the record of one descriptor of the current process. Inlined, since calls may nest eight deep, and the number of
 * an eventfd in the last message of sendmmsg is the eighth. */
static __always_inline int report(struct handover *handover, __u32 fd)
{
	struct task_struct *task = current_task();
	struct file *file = file_of(task, fd);
	struct path_scratch *scratch;
	struct wire_fd_pass *record;
	struct wire_object *object;

	if (!file)
		return 0;
	scratch = path_acquire();
	if (!scratch) {
		count_lost(PROBE_HANDOVER);
		return 0;
	}
	object = (void *)scratch->header;
	record = (void *)scratch->name;
	fill_object(scratch, file, WIRE_HOW_HELD);
	__builtin_memset(record, 0, sizeof(*record));
	record->head.type = WIRE_FD_PASS;
	record->head.pid = own(struct task_struct, task, tgid);
	record->head.start = process_start(task);
	record->head.time = object->head.time;
	record->sock = handover->sock;
	record->file = (__u64)file;
	record->ino = object->ino;
	record->dev = object->dev;
	record->other_start = handover->other_start;
	record->other_pid = handover->other_pid;
	record->kind = object->kind;
	record->how = handover->how;
	record->name_len = object->name_len;
	record->name_flags = object->name_flags;
	path_output(scratch, PROBE_HANDOVER, record, sizeof(*record));
	path_release(scratch);
	return 0;
}

struct rights {
	struct handover *handover;
	__u64 fds; /* in user memory */
};

static long report_right(__u32 index, struct rights *rights)
{
	__s32 fd = -1;

	if (bpf_probe_read_user(&fd, sizeof(fd), (void *)(rights->fds + 4 * index)))
		return 1;
	report(rights->handover, fd);
	return 0;
}

static __noinline int report_message(struct handover *handover, struct message_header *header)
{
	struct rights rights = {.handover = handover};
	__u64 at = header->control, end = at + header->control_len;
	struct control_header control;

	for (int i = 0; i < CONTROLS && at + sizeof(control) <= end; i++) {
		if (bpf_probe_read_user(&control, sizeof(control), (void *)at) || control.len < sizeof(control))
			return 0;
		if (control.level == SOL_SOCKET && control.type == SCM_RIGHTS) {
			__u64 count = (control.len - sizeof(control)) / 4;

			rights.fds = at + sizeof(control);
			count_left_out(PROBE_HANDOVER, OLD_RIGHTS_MAX, count);
			loop(OLD_RIGHTS_MAX, count > RIGHTS_MAX ? RIGHTS_MAX : count, report_right, &rights);
		}
		at += (control.len + 7) & ~7ull;
	}
	if (at + sizeof(control) <= end)
		count_lost(PROBE_HANDOVER);
	return 0;
}

struct messages {
	struct handover *handover;
	__u64 elements;
};

static long report_element(__u32 index, struct messages *messages)
{
	struct message_element element;

	if (bpf_probe_read_user(&element, sizeof(element), (void *)(messages->elements + index * sizeof(element))))
		return 1;
	if (element.header.control && element.header.control_len)
		report_message(messages->handover, &element.header);
	return 0;
}

/* The socket that receives: the peer if the current process sends. False for anything but a unix socket. */
static __always_inline bool find_receiver(struct handover *handover, __u32 fd, bool is_send)
{
	struct file *file = file_of(current_task(), fd);
	struct socket *socket;
	struct sock *sk;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return false;
	socket = peek(struct file, file, private_data);
	sk = peek(struct socket, socket, sk);
	if (!sk || peek(struct sock, sk, __sk_common.skc_family) != AF_UNIX)
		return false;
	handover->sock = is_send ? (__u64)peek(struct unix_sock, sk, peer) : (__u64)sk;
	handover->how = is_send ? WIRE_HANDOVER_SENT : WIRE_HANDOVER_RECEIVED;
	return true;
}

static __always_inline void handle_rights(struct pt_regs *regs, long ret, bool is_send, bool is_many)
{
	struct handover handover = {};
	struct messages messages = {.handover = &handover, .elements = native_argument(regs, 1)};
	struct message_header header;

	if (is_many) {
		if (!find_receiver(&handover, native_argument(regs, 0), is_send))
			return;
		count_left_out(PROBE_HANDOVER, OLD_MESSAGES_MAX, ret);
		loop(OLD_MESSAGES_MAX, ret > MESSAGES_MAX ? MESSAGES_MAX : ret, report_element, &messages);
		return;
	}
	if (bpf_probe_read_user(&header, sizeof(header), (void *)native_argument(regs, 1)) || !header.control ||
	    header.control_len < sizeof(struct control_header))
		return;
	if (find_receiver(&handover, native_argument(regs, 0), is_send))
		report_message(&handover, &header);
}

/* The process that a pidfd refers to, whose descriptor it was. */
static __always_inline struct task_struct *pidfd_task(__u32 fd)
{
	struct file *file = file_of(current_task(), fd);
	struct hlist_node *node;
	struct pid *pid;

	if (!file)
		return NULL;
	if (BPF_CORE_READ(file, f_inode, i_sb, s_magic) == PIDFS_MAGIC)
		pid = BPF_CORE_READ(file, f_inode, i_private);
	else
		pid = peek(struct file, file, private_data);
	node = BPF_CORE_READ(pid, tasks[0].first);
	return node ? (void *)node - bpf_core_field_offset(struct task_struct, pid_links) : NULL;
}

static __always_inline void handle_getfd(struct pt_regs *regs, long ret)
{
	struct task_struct *owner = pidfd_task(native_argument(regs, 0));
	struct handover handover = {.how = WIRE_HANDOVER_GETFD};

	if (!owner)
		return;
	handover.other_pid = BPF_CORE_READ(owner, tgid);
	handover.other_start = BPF_CORE_READ(owner, group_leader, start_boottime);
	report(&handover, ret);
}

/* A tail call of ebtop_sys_exit for sendmsg, recvmsg, sendmmsg, recvmmsg and pidfd_getfd. */
SYS_EXIT_PROG(ebtop_handover)
{
	long nr = call_number(regs);

	if (ret < 0)
		return 0;
	if (nr == NR_PIDFD_GETFD)
		handle_getfd(regs, ret);
	else
		handle_rights(regs, ret, nr == NR_SENDMSG || nr == NR_SENDMMSG, nr == NR_SENDMMSG || nr == NR_RECVMMSG);
	return 0;
}
