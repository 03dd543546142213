/* SPDX-License-Identifier: GPL-2.0 */
/* What does one thing after the other: a thread, or in a program written in Go a goroutine, which moves from thread to
 * thread at any call that may block. */
#ifndef EBTOP_FOLLOW_GOROUTINE_BPF_H
#define EBTOP_FOLLOW_GOROUTINE_BPF_H

#include "registers.bpf.h"

/* In an actor: the rest is the number of a goroutine, not a thread. */
#define GOROUTINE 0x80000000u

static __always_inline bool is_goroutine(__u32 actor)
{
	return actor & GOROUTINE;
}

/* runtime.g of Go 1.17 and newer (runtime/runtime2.go): the bounds of the stack are first; the goroutine's state, in which it
 * runs or is in a call, comes just before its number: at 144 (1.19, 1.26) or at 152 (1.23). In the former, 152 is the number
 * and is not looked at; in the latter, 144 is a pointer. */
#define GO_STATE_144 144
#define GO_STATE_152 152
#define GO_SCAN 0x1000
#define GO_RUNNING 2
#define GO_IN_CALL 3

#if defined(__TARGET_ARCH_x86)
#define GO_REGISTER(registers) ((registers)->r14)
#elif defined(__TARGET_ARCH_arm64)
#define GO_REGISTER(registers) ((registers)->regs[28])
#endif

static __always_inline bool is_go_state(__u64 state)
{
	state &= ~(__u64)GO_SCAN;
	return state == GO_RUNNING || state == GO_IN_CALL;
}

/* The number of the goroutine that the current thread runs; 0 for none. Since Go 1.17 its address is in R14 (amd64, internal
 * ABI) or in R28 (arm64). Another program may have anything there: so it must be what a goroutine looks like, on whose stack
 * the call was made.
 */
static __always_inline __u32 goroutine_of(struct pt_regs *regs)
{
	__u64 g = GO_REGISTER(regs), words[2];

	if (!g || g & 7 || bpf_probe_read_user(words, sizeof(words), (void *)g) || regs->sp <= words[0] ||
	    regs->sp > words[1] || bpf_probe_read_user(words, sizeof(words), (void *)(g + GO_STATE_144)))
		return 0;
	if (is_go_state(words[0]))
		return words[1];
	if (!is_go_state(words[1]) || bpf_probe_read_user(words, sizeof(words), (void *)(g + GO_STATE_152)))
		return 0;
	return words[1];
}

/* Of the current thread. A thread that runs none, as those that wait for events, counts as itself. */
__weak __noinline __u32 actor_of(void)
{
	struct task_struct *task = current_task();
	__u32 goroutine = goroutine_of(task_registers(task));

	return goroutine ? goroutine | GOROUTINE : own(struct task_struct, task, pid);
}

#endif
