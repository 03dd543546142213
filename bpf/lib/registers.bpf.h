/* SPDX-License-Identifier: GPL-2.0 */
/* The registers of a task during a system call, and the numbers of the calls. */
#ifndef EBTOP_REGISTERS_BPF_H
#define EBTOP_REGISTERS_BPF_H

#include "calls.gen.h"
#include "kernel.bpf.h"

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 2 /* thread_info.status, arch/x86/include/asm/thread_info.h: a 32-bit call */
#define CALL_NUMBER orig_ax
#define CALL_RESULT ax
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

/* The same for 0 to 2. */
static __always_inline __u32 compat_argument_core(struct pt_regs *regs, int n)
{
	return n == 0 ? BPF_CORE_READ(regs, bx) : n == 1 ? BPF_CORE_READ(regs, cx) : BPF_CORE_READ(regs, dx);
}

#elif defined(__TARGET_ARCH_arm64)

#define TIF_32BIT 22 /* thread_info.flags, arch/arm64/include/asm/thread_info.h: a 32-bit task */
#define CALL_NUMBER syscallno
#define CALL_RESULT regs[0]
/* libbpf's form of this is a call of a helper. The result of the call replaces x0. */
#undef PT_REGS_PARM1_SYSCALL
#define PT_REGS_PARM1_SYSCALL(registers) ((registers)->orig_x0)
#define SIXTH_ARGUMENT(registers) ((registers)->regs[5])

static __always_inline bool is_compat_call(struct task_struct *task)
{
	return own(struct task_struct, task, thread_info.flags) >> TIF_32BIT & 1;
}

static __always_inline __u32 compat_argument(struct pt_regs *registers, int n)
{
	return n == 0	? registers->orig_x0
	       : n == 1 ? registers->regs[1]
	       : n == 2 ? registers->regs[2]
	       : n == 3 ? registers->regs[3]
	       : n == 4 ? registers->regs[4]
			: registers->regs[5];
}

static __always_inline __u32 compat_argument_core(struct pt_regs *registers, int n)
{
	return n == 0	? BPF_CORE_READ(registers, orig_x0)
	       : n == 1 ? BPF_CORE_READ(registers, regs[1])
			: BPF_CORE_READ(registers, regs[2]);
}

#endif

#define call_number(registers) ((long)(registers)->CALL_NUMBER)
#define call_result(registers) ((long)(registers)->CALL_RESULT)
#define call_number_core(registers) ((long)BPF_CORE_READ(registers, CALL_NUMBER))

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
