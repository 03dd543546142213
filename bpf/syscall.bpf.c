// SPDX-License-Identifier: GPL-2.0
// The exit side of every system call: the hot path. Counting, and through the file descriptor who moved what.
#include "lib/count.bpf.h"

#define TS_COMPAT 2 /* thread_info.status: a 32-bit call */

/* -ERESTARTSYS .. -ERESTART_RESTARTBLOCK: interrupted, the call runs again or goes on as restart_syscall */
static __always_inline bool is_restart(long ret)
{
	return ret >= -516 && ret <= -512;
}

static __always_inline bool is_error(long ret)
{
	return (unsigned long)ret >= (unsigned long)-4095;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(ebtop_sys_exit, struct pt_regs *regs, long ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	long nr = regs->orig_ax;
	__u32 pid = task->tgid;
	__u32 abi;

	if (nr < 0 || is_restart(ret) || !is_wanted(pid))
		return 0;
	abi = task->thread_info.status & TS_COMPAT ? WIRE_ABI_COMPAT : WIRE_ABI_NATIVE;
	count_syscall(pid, task->group_leader->start_boottime, abi, nr, is_error(ret));
	return 0;
}
