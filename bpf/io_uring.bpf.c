// SPDX-License-Identifier: GPL-2.0
// Reads and writes by io_uring: no system call returns for them, so they are counted where they complete.
#include "lib/io.bpf.h"

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

#define OP_OTHER 0xff

static __always_inline __u8 operation_of(__u8 opcode)
{
	switch (opcode) {
	case IORING_OP_READV:
	case IORING_OP_READ_FIXED:
	case IORING_OP_RECVMSG:
	case IORING_OP_READ:
	case IORING_OP_RECV:
	case IORING_OP_READ_MULTISHOT:
	case IORING_OP_RECV_ZC:
	case IORING_OP_READV_FIXED:
		return IO_READ;
	case IORING_OP_WRITEV:
	case IORING_OP_WRITE_FIXED:
	case IORING_OP_SENDMSG:
	case IORING_OP_WRITE:
	case IORING_OP_SEND:
	case IORING_OP_SPLICE: /* the request's file is the one that is written */
	case IORING_OP_TEE:
	case IORING_OP_SEND_ZC:
	case IORING_OP_SENDMSG_ZC:
	case IORING_OP_WRITEV_FIXED:
		return IO_WRITE;
	case IORING_OP_OPENAT:
	case IORING_OP_OPENAT2:
		return IO_OPEN;
	case IORING_OP_ACCEPT:
	case IORING_OP_CONNECT:
		return IO_SIGHT;
	}
	return OP_OTHER;
}

/* Whoever completes it (a worker thread, the poller): the request is its submitter's. */
static __always_inline struct task_struct *request_task(struct io_kiocb *request)
{
	struct io_uring_task *context;

	if (bpf_core_field_exists(((struct io_kiocb___6_12 *)0)->task))
		return BPF_CORE_READ((struct io_kiocb___6_12 *)request, task);
	context = BPF_CORE_READ(request, tctx);
	return BPF_CORE_READ(context, task);
}

/* A request that opens or accepts has the new descriptor as result; only the process itself can look it up. */
static __always_inline struct file *request_file(struct io_kiocb *request, __u8 opcode, __s32 result, __u32 pid)
{
	struct task_struct *current = bpf_get_current_task_btf();

	if (opcode != IORING_OP_OPENAT && opcode != IORING_OP_OPENAT2 && opcode != IORING_OP_ACCEPT)
		return BPF_CORE_READ(request, file);
	return current->tgid == pid ? file_of(current, result) : NULL;
}

static __always_inline void handle_completion(struct io_kiocb *request, __s32 result)
{
	struct task_struct *task;
	struct io_use use = {};
	__u8 opcode, operation;

	if (!request || result < 0)
		return;
	opcode = BPF_CORE_READ(request, opcode);
	operation = operation_of(opcode);
	if (operation == OP_OTHER)
		return;
	task = request_task(request);
	use.pid = BPF_CORE_READ(task, tgid);
	if (!use.pid || !is_wanted(use.pid))
		return;
	use.start = BPF_CORE_READ(task, group_leader, start_boottime);
	use.file = request_file(request, opcode, result, use.pid);
	if (!use.file)
		return;
	use.fd = WIRE_NO_SLOT;
	use.operation = operation;
	use.calls = 1;
	use.bytes = result;
	count_use(&use);
}

/* From 6.14 on */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(ebtop_uring_cqe, void *ring_ctx, struct io_kiocb *request, struct io_uring_cqe *cqe)
{
	handle_completion(request, BPF_CORE_READ(cqe, res));
	return 0;
}

/* Before that, from 5.17 on; the argument list grew at its end only. */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(ebtop_uring_res, void *ring_ctx, struct io_kiocb *request, __u64 user_data, __s32 result)
{
	handle_completion(request, result);
	return 0;
}
