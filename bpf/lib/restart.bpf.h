/* SPDX-License-Identifier: GPL-2.0 */
/* Calls that a signal interrupted: such a call runs again, continues as restart_syscall, ends with EINTR
 * (ebtop_interrupt) or with its thread (count_exit_call). */
#ifndef EBTOP_RESTART_BPF_H
#define EBTOP_RESTART_BPF_H

#include "kernel.bpf.h"

#define ERESTARTSYS 512
#define ERESTARTNOHAND 514
#define ERESTART_RESTARTBLOCK 516

/* For a thread: the number of the call that it continues by restart_syscall. */
struct restart_map {
	THREAD_MAP();
	__type(value, __u32);
};
extern struct restart_map restarting SEC(".maps");

static __always_inline bool is_restart(long ret)
{
	return ret >= -ERESTART_RESTARTBLOCK && ret <= -ERESTARTSYS;
}

/* The program did not call restart_syscall itself: the result is that of the continued call. */
static __always_inline long restarted_number(struct task_struct *task, long nr)
{
	__u32 *saved = thread_value(&restarting, task);

	return saved ? *saved : nr;
}

#endif
