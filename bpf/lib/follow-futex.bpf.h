/* SPDX-License-Identifier: GPL-2.0 */
/* Calls of futex() by which threads wait for jobs, and announce them. */
#ifndef EBTOP_FOLLOW_FUTEX_BPF_H
#define EBTOP_FOLLOW_FUTEX_BPF_H

#include "registers.bpf.h"

/* include/uapi/linux/futex.h */
#define FUTEX_WAKE 1
#define FUTEX_REQUEUE 3
#define FUTEX_CMP_REQUEUE 4
#define FUTEX_WAIT_BITSET 9
#define FUTEX_WAKE_BITSET 10
#define FUTEX_PRIVATE_FLAG 128
#define FUTEX_CLOCK_REALTIME 256

static __always_inline __u32 futex_command(struct pt_regs *regs)
{
	return native_argument(regs, 1) & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
}

/* Condition variables and semaphores wait by bits, mutexes do not. */
static __always_inline bool is_futex_wait(struct pt_regs *regs)
{
	return futex_command(regs) == FUTEX_WAIT_BITSET;
}

static __always_inline bool is_futex_wake(struct pt_regs *regs)
{
	__u32 command = futex_command(regs);

	return command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET || command == FUTEX_REQUEUE ||
	       command == FUTEX_CMP_REQUEUE;
}

static __always_inline bool is_shared_futex(struct pt_regs *regs)
{
	return !(native_argument(regs, 1) & FUTEX_PRIVATE_FLAG);
}

#endif
