/* SPDX-License-Identifier: GPL-2.0 */
/* What each system call does, by number: which of them move data, and where their file descriptors are. */
#ifndef EBTOP_CALLS_BPF_H
#define EBTOP_CALLS_BPF_H

#include "call-class.h"
#include "kernel.bpf.h"

#define TS_COMPAT 2	/* thread_info.status: a 32-bit call */
/* [enum wire_abi][number] */
extern const volatile __u8 call_class[2][WIRE_CALL_NUMBERS];

static __always_inline __u32 class_of(__u32 abi, __u32 nr)
{
	if (nr >= WIRE_CALL_NUMBERS)
		return CALL_OTHER;
	barrier_var(nr); /* or clang forgets the bound where the verifier wants it */
	return call_class[abi & 1][nr & (WIRE_CALL_NUMBERS - 1)];
}

/* Argument n of the current call, 0 to 5. */
static __always_inline __u64 call_argument(struct pt_regs *regs, __u32 abi, int n)
{
	if (abi == WIRE_ABI_COMPAT)
		return (__u32)(n == 0 ? regs->bx : n == 1 ? regs->cx : n == 2 ? regs->dx : n == 3 ? regs->si : n == 4 ? regs->di : regs->bp);
	return n == 0 ? regs->di : n == 1 ? regs->si : n == 2 ? regs->dx : n == 3 ? regs->r10 : n == 4 ? regs->r8 : regs->r9;
}

#endif
