/* SPDX-License-Identifier: GPL-2.0 */
/* Who wakes a thread: at sched_waking the current thread, unless a timer or a device does it. */
#ifndef EBTOP_WAKER_BPF_H
#define EBTOP_WAKER_BPF_H

#include "registers.bpf.h"

/* Their registers do not belong to a system call: workers of io_uring (since 5.12), vhost and similar (6.4). */
#define PF_IO_WORKER 0x10
#define PF_USER_WORKER 0x4000

#define PF_EXITING 4

/* THREAD_SIZE of x86-64 and arm64, without KASAN: at least a page. */
#define THREAD_BYTES (1ull << (page_shift > 14 ? page_shift : 14))

/* Interrupts have stacks of their own, except one that came while the CPU ran user code: then there is no system call. The
 * arguments of a tracepoint are on the stack, the program's own variables may be elsewhere (private stacks, 6.13). */
static __always_inline bool is_in_interrupt(void *arguments, struct task_struct *task)
{
	struct pt_regs *regs;
	__u64 address = 0;

	if (!own(struct task_struct, task, pid)) /* the CPU was idle */
		return true;
	bpf_probe_read_kernel(&address, sizeof(address), &arguments);
	if (address - peek_address(struct task_struct, task, stack) >= THREAD_BYTES)
		return true;
	if (own(struct task_struct, task, flags) & (PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER))
		return false;
	regs = task_registers(task);
	return call_number_core(regs) < 0;
}

#endif
