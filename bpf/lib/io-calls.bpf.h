/* SPDX-License-Identifier: GPL-2.0 */
/* From a finished system call to its uses of files. */
#ifndef EBTOP_IO_CALLS_BPF_H
#define EBTOP_IO_CALLS_BPF_H

#include "calls.bpf.h"
#include "io.bpf.h"

#define EINPROGRESS 115
#define MSG_PEEK 2
#define UIO_MAXIOV 1024

/* Global, as walk_path() is. */
__weak __noinline int use_of(__u32 pid, __u64 start, __u64 bytes, __u64 calls_and_fd, __u32 operation)
{
	struct io_use use = {.start = start, .bytes = bytes, .calls = calls_and_fd >> 32, .pid = pid, .operation = operation};

	use.file = file_of(current_task(), calls_and_fd);
	if (use.file)
		count_use_by_line(&use);
	return 0;
}

static __always_inline void use_descriptor(struct io_use *use, __u32 fd, __u32 operation)
{
	use_of(use->pid, use->start, use->bytes, use->calls << 32 | fd, operation);
}

/* An earlier object at its address is gone. */
static __noinline __attribute__((unused)) int begin_eventfd(__u32 fd)
{
	struct file *file = file_of(current_task(), fd);

	if (announce_objects && file)
		eventfd_number((__u64)file, true);
	return 0;
}

/* The same for a pseudo terminal, if ptmx was opened. */
static __noinline __attribute__((unused)) int begin_terminal(__u32 fd)
{
	struct file *file = file_of(current_task(), fd);
	struct identity identity;

	if (announce_objects && file)
		identify(file, &identity, true);
	return 0;
}

/* The only thing done for unwanted processes: the object may be passed to a wanted one. */
static __always_inline void handle_birth(__u32 class, long ret)
{
	if (ret >= 0 && class == CALL_EVENTFD)
		begin_eventfd(ret);
	else if (ret >= 0 && class == CALL_OPEN)
		begin_terminal(ret);
}

/* Only read() and write(), without a function call in between: most I/O of most programs. */
static __always_inline void handle_transfer(struct task_struct *task, __u64 start, __u32 fd, __u64 bytes,
					    enum io_operation operation)
{
	struct io_use use = {.start = start, .bytes = bytes, .calls = 1, .operation = operation};

	use.pid = own(struct task_struct, task, tgid);
	use.file = file_of(task, fd);
	if (use.file)
		count_use_by_line(&use);
}

struct message_sum {
	__u64 at; /* address of msg_len in the next struct mmsghdr */
	__u64 bytes;
	__u32 stride;
};

static long sum_message(__u32 index, struct message_sum *sum)
{
	__u32 len = 0;

	if (bpf_probe_read_user(&len, sizeof(len), (void *)sum->at))
		return 1;
	sum->bytes += len;
	sum->at += sum->stride;
	return 0;
}

/* The bytes of an array of messages: only the caller's memory has them. */
static __always_inline __u64 message_bytes(__u64 messages, __u64 count, __u32 abi)
{
	struct message_sum sum = {
		.at = messages + (abi == WIRE_ABI_COMPAT ? 28 : 56),
		.stride = abi == WIRE_ABI_COMPAT ? 32 : 64,
	};

	loop(UIO_MAXIOV, count < UIO_MAXIOV ? count : UIO_MAXIOV, sum_message, &sum);
	return sum.bytes;
}

static __always_inline void use_two(struct io_use *use, __u32 from, __u32 to)
{
	use_descriptor(use, from, IO_READ);
	use_descriptor(use, to, IO_WRITE);
}

static __always_inline void use_pair(struct io_use *use, __u64 address)
{
	int fds[2];

	if (bpf_probe_read_user(fds, sizeof(fds), (void *)address))
		return;
	use_descriptor(use, fds[0], IO_SIGHT);
	use_descriptor(use, fds[1], IO_SIGHT);
}

/* The two ends of a pipe differ in their access mode. */
static __always_inline void use_pipe_end(struct io_use *use, __u32 fd)
{
	struct file *file = file_of(current_task(), fd);

	if (file)
		use_descriptor(use, fd, peek(struct file, file, f_mode) & FMODE_WRITE ? IO_WRITE : IO_READ);
}

/* socketcall(call, arguments): the class of the call it made, and the address of its arguments. */
static __always_inline __u32 socketcall_class(__u32 call)
{
	switch (call) {
	case 3:
		return CALL_CONNECT;
	case 5:
	case 18:
		return CALL_NEW;
	case 8:
		return CALL_SOCKETPAIR;
	case 9:	 /* send */
	case 11: /* sendto */
	case 16: /* sendmsg */
		return CALL_WRITE;
	case 10: /* recv */
	case 12: /* recvfrom */
		return CALL_RECEIVE;
	case 17:
		return CALL_RECEIVE_MESSAGE;
	case 19:
		return CALL_RECEIVE_MESSAGES;
	case 20:
		return CALL_SEND_MESSAGES;
	}
	return CALL_OTHER;
}

struct call_arguments {
	__u64 value[4];
};

static __always_inline __u32 read_arguments(struct pt_regs *regs, __u32 class, __u32 abi, struct call_arguments *arguments)
{
	__u32 words[4] = {};

	for (int i = 0; i < 4; i++)
		arguments->value[i] = call_argument(regs, abi, i);
	if (class != CALL_SOCKETCALL)
		return class;
	class = socketcall_class(arguments->value[0]);
	bpf_probe_read_user(words, class == CALL_CONNECT ? 3 * sizeof(__u32) : sizeof(words), (void *)arguments->value[1]);
	for (int i = 0; i < 4; i++)
		arguments->value[i] = words[i];
	return class;
}

static __always_inline void use_received(struct io_use *use, __u32 fd, __u64 flags)
{
	if (flags & MSG_PEEK) /* the bytes stay in the socket */
		use->bytes = 0;
	use_descriptor(use, fd, IO_READ);
}

static __always_inline void handle_class(struct io_use *use, __u32 class, __u32 abi, __u64 *argument, long ret)
{
	switch (class) {
	case CALL_READ:
		use_descriptor(use, argument[0], IO_READ);
		break;
	case CALL_WRITE:
	case CALL_SEND:
	case CALL_SEND_MESSAGE:
		use_descriptor(use, argument[0], IO_WRITE);
		break;
	case CALL_RECEIVE:
		use_received(use, argument[0], argument[3]);
		break;
	case CALL_RECEIVE_MESSAGE:
		use_received(use, argument[0], argument[2]);
		break;
	case CALL_RECEIVE_MESSAGES:
		use->calls = ret;
		use->bytes = message_bytes(argument[1], ret, abi);
		use_received(use, argument[0], argument[3]);
		break;
	case CALL_SEND_MESSAGES:
		use->calls = ret;
		use->bytes = message_bytes(argument[1], ret, abi);
		use_descriptor(use, argument[0], IO_WRITE);
		break;
	case CALL_QUEUE_SEND:
		use->bytes = argument[2];
		use_descriptor(use, argument[0], IO_WRITE);
		break;
	case CALL_OPEN:
		use_descriptor(use, ret, IO_OPEN);
		break;
	case CALL_NEW:
		use_descriptor(use, ret, IO_SIGHT);
		break;
	case CALL_EVENTFD:
		begin_eventfd(ret);
		break;
	case CALL_CONNECT:
		use_descriptor(use, argument[0], IO_SIGHT);
		break;
	case CALL_PIPE:
		use_pair(use, argument[0]);
		break;
	case CALL_SOCKETPAIR:
		use_pair(use, argument[3]);
		break;
	case CALL_SENDFILE:
		use_two(use, argument[1], argument[0]);
		break;
	case CALL_TEE:
		use_descriptor(use, argument[1], IO_WRITE);
		use->bytes = 0; /* they stay in the first pipe */
		use_descriptor(use, argument[0], IO_READ);
		break;
	case CALL_SPLICE:
		use_two(use, argument[0], argument[2]);
		break;
	case CALL_VMSPLICE:
		use_pipe_end(use, argument[0]);
		break;
	}
}

/* A successful call other than plain read and write, or a connect() that continues in the background. */
static __noinline __attribute__((unused)) int handle_io_call(struct pt_regs *regs, long ret, __u32 pid, __u64 start,
							     __u32 class_and_abi)
{
	struct io_use use = {.start = start, .bytes = ret, .pid = pid, .calls = 1};
	struct call_arguments arguments;
	__u32 abi = class_and_abi & 1;
	__u32 class = read_arguments(regs, class_and_abi >> 1, abi, &arguments);

	if (ret >= 0 || (class == CALL_CONNECT && ret == -EINPROGRESS))
		handle_class(&use, class, abi, arguments.value, ret);
	return 0;
}

#endif
