// SPDX-License-Identifier: GPL-2.0
// Reads and writes by io_submit. Its result is only the number of requests started, so they are counted at their
// completion.
#include "lib/aio.bpf.h"
#include "lib/calls.bpf.h"
#include "lib/tracepoint.bpf.h"

/* If the kernel allows fentry: runs for each completion, with any task as current. */
SEC("fentry/aio_complete_rw")
int BPF_PROG(ebtop_aio_done, struct kiocb *kiocb, long result)
{
	/* Read as a number: the verifier refuses a pointer as a key. */
	struct io_use use = {.file = BPF_CORE_READ(kiocb, ki_filp), .bytes = result, .calls = 1};
	struct task_struct *owner;

	if (result < 0)
		return 0;
	owner = context_owner(BPF_CORE_READ((struct aio_kiocb *)kiocb, ki_ctx));
	if (!owner) {
		count_lost(PROBE_AIO);
		return 0;
	}
	use.pid = BPF_CORE_READ(owner, tgid);
	if (!is_wanted(use.pid))
		return 0;
	use.start = process_start(owner);
	use.operation = kiocb->ki_flags & IOCB_WRITE ? IO_WRITE : IO_READ;
	count_use(&use);
	return 0;
}

/* Global, like walk_path(). */
__weak __noinline int count_event_use(struct io_use *use)
{
	if (!use)
		return 0;
	if (use->file)
		count_use(use);
	else
		spill_io(use->pid, use->start, use->calls, use->bytes, use->operation);
	return 0;
}

struct aio_events {
	struct io_use use;
	__u64 at; /* the next struct io_event */
};

/* The request that a completion names is unchanged since its submission: it has not been returned to the program yet. If
 * its descriptor is closed by now, the process is known but not the file. */
static long count_event(__u32 index, struct aio_events *events)
{
	struct io_use *use = &events->use;
	struct io_event event;
	struct iocb request;

	if (bpf_probe_read_user(&event, sizeof(event), (void *)events->at))
		return 1;
	events->at += sizeof(event);
	if (event.res < 0 || bpf_probe_read_user(&request, sizeof(request), (void *)event.obj) || !is_transfer(request.opcode))
		return 0;
	use->bytes = event.res;
	use->operation = is_write(request.opcode) ? IO_WRITE : IO_READ;
	use->file = file_of(bpf_get_current_task_btf(), request.descriptor);
	count_event_use(use);
	return 0;
}

static __always_inline void handle_events(struct aio_events *events, struct pt_regs *regs, __u32 abi, long count)
{
	struct task_struct *task = bpf_get_current_task_btf();

	note_reaped(task, count);
	events->use = (struct io_use){.start = process_start(task), .pid = task->tgid, .calls = 1};
	events->at = call_argument(regs, abi, 3);
	bpf_loop(count, count_event, events, 0);
}

/* Without fentry: completions as io_getevents() returns them to the program. A tail call of ebtop_sys_exit for that call
 * and for io_submit(), whose result is the number of completions to expect. */
SYS_EXIT_PROG(ebtop_aio)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 abi = is_compat_call(task) ? WIRE_ABI_COMPAT : WIRE_ABI_NATIVE;
	struct aio_events events;

	if (ret <= 0)
		return 0;
	if (class_of(abi, call_number(regs)) == CALL_AIO_SUBMIT)
		note_submitted(task, ret);
	else
		handle_events(&events, regs, abi, ret);
	return 0;
}
