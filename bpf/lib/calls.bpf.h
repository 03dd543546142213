/* SPDX-License-Identifier: GPL-2.0 */
/* What each system call does, by number: which of them move data, and where their file descriptors are. */
#ifndef EBTOP_CALLS_BPF_H
#define EBTOP_CALLS_BPF_H

#include "kernel.bpf.h"

enum call_class {
	CALL_OTHER,
	CALL_READ,		/* argument 0 is the descriptor, the result the bytes */
	CALL_WRITE,
	CALL_RECEIVE,		/* the same; argument 3 has flags */
	CALL_RECEIVE_MESSAGE,	/* the same; argument 2 has flags */
	CALL_RECEIVE_MESSAGES,	/* an array of messages, the result says how many */
	CALL_SEND_MESSAGES,
	CALL_QUEUE_SEND,	/* the result is 0, argument 2 the bytes */
	CALL_OPEN,		/* the result is the descriptor */
	CALL_NEW,		/* the same, nothing is counted */
	CALL_CONNECT,
	CALL_PIPE,		/* argument 0 points to two descriptors */
	CALL_SOCKETPAIR,	/* argument 3 does */
	CALL_SENDFILE,		/* from argument 1 to argument 0 */
	CALL_TEE,		/* from argument 0 to argument 1 */
	CALL_SPLICE,		/* from argument 0 to argument 2 */
	CALL_VMSPLICE,		/* the end of the pipe says in which direction */
	CALL_SOCKETCALL,	/* 32 bit: many calls in one */
	CALL_CLONE,		/* returns twice */
	CALL_EXEC,
	CALL_RESTART,		/* goes on with a call that a signal interrupted */
};

#define CALL_NUMBERS 512
/* [enum wire_abi][number] */
extern const volatile __u8 call_class[2][CALL_NUMBERS];

static __always_inline __u32 class_of(__u32 abi, __u32 nr)
{
	if (nr >= CALL_NUMBERS)
		return CALL_OTHER;
	barrier_var(nr); /* or clang forgets the bound where the verifier wants it */
	return call_class[abi & 1][nr & (CALL_NUMBERS - 1)];
}

/* Argument n of the current call, 0 to 5. */
static __always_inline __u64 call_argument(struct pt_regs *regs, __u32 abi, int n)
{
	if (abi == WIRE_ABI_COMPAT)
		return (__u32)(n == 0 ? regs->bx : n == 1 ? regs->cx : n == 2 ? regs->dx : n == 3 ? regs->si : n == 4 ? regs->di : regs->bp);
	return n == 0 ? regs->di : n == 1 ? regs->si : n == 2 ? regs->dx : n == 3 ? regs->r10 : n == 4 ? regs->r8 : regs->r9;
}

#endif
