/* SPDX-License-Identifier: GPL-2.0 */
/* The registers of a task during a system call, and the numbers of the calls. */
#ifndef EBTOP_REGISTERS_BPF_H
#define EBTOP_REGISTERS_BPF_H

#include "calls.gen.h"
#include "kernel.bpf.h"

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 2 /* thread_info.status, arch/x86/include/asm/thread_info.h: a 32-bit call */
#define call_number(regs) ((long)(regs)->orig_ax)
#define call_result(regs) ((long)(regs)->ax)
#define call_number_core(regs) ((long)BPF_CORE_READ(regs, orig_ax))
#define SIXTH_ARGUMENT(regs) ((regs)->r9) /* libbpf has a name for it since 1.2 */

static __always_inline bool is_compat_call(struct task_struct *task)
{
	return own(struct task_struct, task, thread_info.status) & TS_COMPAT;
}

/* Argument n of a 32-bit call, 0 to 5. */
static __always_inline __u32 compat_argument(struct pt_regs *regs, int n)
{
	return n == 0 ? regs->bx : n == 1 ? regs->cx : n == 2 ? regs->dx : n == 3 ? regs->si : n == 4 ? regs->di : regs->bp;
}

static __always_inline __u32 compat_argument_core(struct pt_regs *regs, int n)
{
	return n == 0 ? BPF_CORE_READ(regs, bx) : BPF_CORE_READ(regs, cx);
}

#endif

/* Argument n of a native call, 0 to 5. */
static __always_inline __u64 native_argument(struct pt_regs *regs, int n)
{
	switch (n) {
	case 0:
		return PT_REGS_PARM1_SYSCALL(regs);
	case 1:
		return PT_REGS_PARM2_SYSCALL(regs);
	case 2:
		return PT_REGS_PARM3_SYSCALL(regs);
	case 3:
		return PT_REGS_PARM4_SYSCALL(regs);
	case 4:
		return PT_REGS_PARM5_SYSCALL(regs);
	default:
		return SIXTH_ARGUMENT(regs);
	}
}

static __always_inline __u64 call_argument(struct pt_regs *regs, __u32 abi, int n)
{
	return abi == WIRE_ABI_COMPAT ? compat_argument(regs, n) : native_argument(regs, n);
}

#endif
