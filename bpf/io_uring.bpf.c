// SPDX-License-Identifier: GPL-2.0
// Reads and writes by io_uring: no system call returns for them, so they are counted at their completion.
#include "lib/multishot.bpf.h"
#include "lib/tracepoint.bpf.h"

static __always_inline void count_completion(struct io_kiocb *request, __s32 result, bool is_shared)
{
	__u8 opcode = BPF_CORE_READ(request, opcode), operation = operation_of(opcode);
	struct task_struct *task;
	struct io_use use = {};

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
	use.operation = operation;
	use.calls = 1;
	use.bytes = payload(request, opcode, result);
	if (is_shared && operation != IO_SIGHT)
		spill_io(use.pid, use.start, use.calls, use.bytes, use.operation);
	else
		count_use(&use);
}

/* The last completion of a request passes the request itself. For the others the request is searched for; if two
 * requests for different files match, it is counted for the process only. */
static __always_inline void handle_completion(void *ring, struct io_kiocb *request, __u64 user_data, __s32 result, __u32 flags)
{
	struct multishot_search search = {.key = {(__u64)ring, user_data}, .found = request};

	if (!request) {
		if (!(flags & IORING_CQE_F_MORE) || !has_multishots())
			return;
		find_multishot(&search);
	}
	if (search.found && result >= 0)
		count_completion(search.found, result, search.is_shared);
	if (request)
		forget_multishot(request);
}

/* From 6.14 on */
SEC("two_forms/io_uring/io_uring_complete")
int ebtop_uring_cqe(void *ctx)
{
	struct io_uring_cqe *cqe;
	struct io_kiocb *request;
	__u64 user_data;
	__u32 flags;
	__s32 result;
	void *ring;

	if (by_perf) {
		ring = event_field(ctx, io_uring_complete, ctx);
		request = event_field(ctx, io_uring_complete, req);
		user_data = event_field(ctx, io_uring_complete, user_data);
		result = event_field(ctx, io_uring_complete, res);
		flags = event_field(ctx, io_uring_complete, cflags);
	} else {
		ring = (void *)btf_argument(ctx, 0);
		request = (struct io_kiocb *)btf_argument(ctx, 1);
		cqe = (struct io_uring_cqe *)btf_argument(ctx, 2);
		user_data = BPF_CORE_READ(cqe, user_data);
		result = BPF_CORE_READ(cqe, res);
		flags = BPF_CORE_READ(cqe, flags);
	}
	handle_completion(ring, request, user_data, result, flags);
	return 0;
}

/* Before that, since 5.17; arguments were only added at the end. */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(ebtop_uring_res, void *ring, struct io_kiocb *request, __u64 user_data, __s32 result, __u32 flags)
{
	handle_completion(ring, request, user_data, result, flags);
	return 0;
}

static __always_inline void handle_submission(struct io_kiocb *request)
{
	if (is_multishot(request, BPF_CORE_READ(request, opcode)))
		remember_multishot(request);
}

/* From 6.4 on */
SEC("two_forms/io_uring/io_uring_submit_req")
int ebtop_uring_req(void *ctx)
{
	handle_submission(by_perf ? event_field(ctx, io_uring_submit_req, req) : (struct io_kiocb *)btf_argument(ctx, 0));
	return 0;
}

/* Before that */
SEC("tp_btf/io_uring_submit_sqe")
int BPF_PROG(ebtop_uring_sqe, struct io_kiocb *request)
{
	handle_submission(request);
	return 0;
}

/* A completion that finds no room in the ring: the kernel keeps it, and never says which request it belongs to. */
SEC("two_forms/io_uring/io_uring_cqe_overflow")
int ebtop_cq_full(void *ctx)
{
	struct multishot_key key;
	__s32 result;

	if (by_perf) {
		key.ring = (__u64)event_field(ctx, io_uring_cqe_overflow, ctx);
		key.user_data = event_field(ctx, io_uring_cqe_overflow, user_data);
		result = event_field(ctx, io_uring_cqe_overflow, res);
	} else {
		key.ring = btf_argument(ctx, 0);
		key.user_data = btf_argument(ctx, 1);
		result = btf_argument(ctx, 2);
	}
	bpf_map_delete_elem(&multishots, &key);
	if (result >= 0)
		count_lost(PROBE_IO_URING);
	return 0;
}
