/* SPDX-License-Identifier: GPL-2.0 */
/* Calls that a signal interrupted: such a call runs again, continues as restart_syscall, ends with EINTR
 * (ebtop_interrupt) or with its thread (count_exit_call). */
#ifndef EBTOP_RESTART_BPF_H
#define EBTOP_RESTART_BPF_H

#include "registers.bpf.h"

#define THUMB 0x20 /* PSR_AA32_T_BIT */
#define ERESTARTSYS 512
#define ERESTARTNOHAND 514
#define ERESTART_RESTARTBLOCK 516

/* For a thread. */
struct restart {
	/* of the call that it continues by restart_syscall */
	__u32 nr;
#ifdef __TARGET_ARCH_arm64 /* else it takes stack from ebtop_sys_exit: see make_thread_value() of the old form */
	/* the call that was interrupted last, see interrupted_call() */
	__s32 interrupted;
	__s64 result;
	__u64 pc; /* after the call; 0: none */
#endif
};
struct restart_map {
	THREAD_MAP();
	__type(value, struct restart);
};
extern struct restart_map restarting SEC(".maps");

static __always_inline bool is_restart(long ret)
{
	return ret >= -ERESTART_RESTARTBLOCK && ret <= -ERESTARTSYS;
}

/* The program did not call restart_syscall itself: the result is that of the continued call. */
static __always_inline long restarted_number(struct task_struct *task, long nr)
{
	struct restart *saved = thread_value(&restarting, task);

	return saved ? saved->nr : nr;
}

/* Number and result of the call of the current thread that a signal interrupts. -1: there is none. */
#if defined(__TARGET_ARCH_x86)

static __always_inline void remember_interrupted(struct task_struct *task, struct pt_regs *regs, long nr, long ret) {}

static __always_inline void forget_interrupted(struct task_struct *task) {}

static __always_inline long interrupted_call(struct task_struct *task, struct pt_regs *regs, long *result)
{
	*result = own(struct pt_regs, regs, CALL_RESULT);
	return is_restart(*result) ? own(struct pt_regs, regs, CALL_NUMBER) : -1;
}

#elif defined(__TARGET_ARCH_arm64)

/* Before a signal is delivered, do_signal() (arch/arm64/kernel/signal.c) makes the registers forget the call, and sets the
 * program counter back to its instruction. So ebtop_sys_exit remembers both. What it remembered of a call that was then
 * made again is taken for new if a signal comes just before that instruction. */
static __always_inline void remember_interrupted(struct task_struct *task, struct pt_regs *regs, long nr, long ret)
{
	struct restart *saved = make_thread_value(&restarting, task);

	if (!saved)
		return;
	saved->interrupted = nr;
	saved->result = ret;
	saved->pc = regs->pc;
}

static __always_inline void forget_interrupted(struct task_struct *task)
{
	struct restart *saved = thread_value(&restarting, task);

	if (saved)
		saved->pc = 0;
}

static __always_inline long interrupted_call(struct task_struct *task, struct pt_regs *regs, long *result)
{
	struct restart *saved = thread_value(&restarting, task);
	__u32 instruction = is_compat_call(task) && own(struct pt_regs, regs, pstate) & THUMB ? 2 : 4;

	*result = 0;
	if (!saved || !saved->pc || own(struct pt_regs, regs, CALL_NUMBER) >= 0 ||
	    own(struct pt_regs, regs, pc) + instruction != saved->pc)
		return -1;
	*result = saved->result;
	return saved->interrupted;
}

#endif

#endif
