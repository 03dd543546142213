/* SPDX-License-Identifier: GPL-2.0 */
/* A request of io_uring: its process, its operation, its file. */
#ifndef EBTOP_URING_BPF_H
#define EBTOP_URING_BPF_H

#include "io.bpf.h"

enum io_uring_op {
	IORING_OP_READV = 1,
	IORING_OP_WRITEV = 2,
	IORING_OP_READ_FIXED = 4,
	IORING_OP_WRITE_FIXED = 5,
	IORING_OP_SENDMSG = 9,
	IORING_OP_RECVMSG = 10,
	IORING_OP_ACCEPT = 13,
	IORING_OP_CONNECT = 16,
	IORING_OP_OPENAT = 18,
	IORING_OP_READ = 22,
	IORING_OP_WRITE = 23,
	IORING_OP_SEND = 26,
	IORING_OP_RECV = 27,
	IORING_OP_OPENAT2 = 28,
	IORING_OP_SPLICE = 30,
	IORING_OP_TEE = 33,
	IORING_OP_SEND_ZC = 47,
	IORING_OP_SENDMSG_ZC = 48,
	IORING_OP_READ_MULTISHOT = 49,
	IORING_OP_RECV_ZC = 58,
	IORING_OP_READV_FIXED = 60,
	IORING_OP_WRITEV_FIXED = 61,
};

#define IORING_CQE_F_MORE 2
#define IORING_RECV_MULTISHOT 2
#define IORING_RECVSEND_BUNDLE 16
#define IORING_ACCEPT_MULTISHOT 1

/* By opcode, 1 added: 0 is for all others. A table, since the verifier would follow each case of a switch to the end. */
static const __u8 operations[] = {
	[IORING_OP_READV] = IO_READ + 1,
	[IORING_OP_READ_FIXED] = IO_READ + 1,
	[IORING_OP_RECVMSG] = IO_READ + 1,
	[IORING_OP_READ] = IO_READ + 1,
	[IORING_OP_RECV] = IO_READ + 1,
	[IORING_OP_READ_MULTISHOT] = IO_READ + 1,
	[IORING_OP_RECV_ZC] = IO_READ + 1,
	[IORING_OP_READV_FIXED] = IO_READ + 1,
	[IORING_OP_WRITEV] = IO_WRITE + 1,
	[IORING_OP_WRITE_FIXED] = IO_WRITE + 1,
	[IORING_OP_SENDMSG] = IO_WRITE + 1,
	[IORING_OP_WRITE] = IO_WRITE + 1,
	[IORING_OP_SEND] = IO_WRITE + 1,
	[IORING_OP_SPLICE] = IO_WRITE + 1, /* the request's file is the one that is written */
	[IORING_OP_TEE] = IO_WRITE + 1,
	[IORING_OP_SEND_ZC] = IO_WRITE + 1,
	[IORING_OP_SENDMSG_ZC] = IO_WRITE + 1,
	[IORING_OP_WRITEV_FIXED] = IO_WRITE + 1,
	[IORING_OP_OPENAT] = IO_OPEN + 1,
	[IORING_OP_OPENAT2] = IO_OPEN + 1,
	[IORING_OP_ACCEPT] = IO_SIGHT + 1,
	[IORING_OP_CONNECT] = IO_SIGHT + 1,
};

#define OP_OTHER 0xff

static __always_inline __u8 operation_of(__u8 opcode)
{
	return opcode < sizeof(operations) ? operations[opcode] - 1 : OP_OTHER;
}

/* Before 6.0 there are no multishot data requests; the user data is at another offset there. */
static __always_inline bool has_multishots(void)
{
	return bpf_core_field_exists(struct io_kiocb, cqe);
}

/* Whether it is a multishot request. Up to 6.9 an accept request does not show that, so each may be one; the others are
 * just never looked up. */
static __always_inline bool is_multishot(struct io_kiocb *request, __u8 opcode)
{
	if (!has_multishots())
		return false;
	switch (opcode) {
	case IORING_OP_READ_MULTISHOT:
		return true;
	case IORING_OP_ACCEPT:
		return !bpf_core_field_exists(struct io_accept, iou_flags) ||
		       BPF_CORE_READ((struct io_accept *)request, iou_flags) & IORING_ACCEPT_MULTISHOT;
	case IORING_OP_SEND:
		return BPF_CORE_READ((struct io_sr_msg *)request, flags) & IORING_RECVSEND_BUNDLE;
	case IORING_OP_RECV:
	case IORING_OP_RECVMSG:
		return BPF_CORE_READ((struct io_sr_msg *)request, flags) & IORING_RECV_MULTISHOT;
	}
	return false;
}

/* Whatever task completes it (a worker thread, the poller), the request belongs to its submitter. */
static __always_inline struct task_struct *request_task(struct io_kiocb *request)
{
	struct io_uring_task *context;

	if (bpf_core_field_exists(((struct io_kiocb___6_12 *)0)->task))
		return BPF_CORE_READ((struct io_kiocb___6_12 *)request, task);
	context = BPF_CORE_READ(request, tctx);
	return BPF_CORE_READ(context, task);
}

/* The result is not a descriptor but an index into the ring's own files. */
static __always_inline bool is_direct(struct io_kiocb *request, __u8 opcode)
{
	if (opcode == IORING_OP_ACCEPT)
		return BPF_CORE_READ((struct io_accept *)request, file_slot);
	return BPF_CORE_READ((struct io_open *)request, file_slot);
}

/* The result of a request that opens or accepts is a new descriptor; only the process itself can look it up. */
static __always_inline struct file *request_file(struct io_kiocb *request, __u8 opcode, __s32 result, __u32 pid)
{
	struct task_struct *current = bpf_get_current_task_btf();

	if (opcode != IORING_OP_OPENAT && opcode != IORING_OP_OPENAT2 && opcode != IORING_OP_ACCEPT)
		return BPF_CORE_READ(request, file);
	if (current->tgid != pid || is_direct(request, opcode))
		return NULL;
	return file_of(current, result);
}

#endif
