// SPDX-License-Identifier: GPL-2.0
// The exit of every system call: the hot path. Counts the call, and finds the object that it used through the descriptor.
#include "lib/count.bpf.h"
#include "lib/exec.bpf.h"
#include "lib/follow-filter.bpf.h"
#include "lib/io-calls.bpf.h"
#include "lib/ipc-calls.bpf.h"
#include "lib/latency.bpf.h"
#include "lib/restart.bpf.h"
#include "lib/tracepoint.bpf.h"

#define SA_RESTART 0x10000000

static __always_inline bool is_error(long ret)
{
	return (unsigned long)ret >= (unsigned long)-4095;
}

static __always_inline void remember_restart(struct task_struct *task, __u32 nr, __u32 class, long ret)
{
	struct restart *saved;

	if (ret != -ERESTART_RESTARTBLOCK || class == CALL_RESTART)
		return;
	saved = make_thread_value(&restarting, task);
	if (saved)
		saved->nr = nr;
}

/* A call that was counted in slot `index`. */
static __always_inline void time_call(struct task_struct *task, __u32 index)
{
	if (measure_latency && index != WIRE_NO_SLOT)
		add_latency(own(struct task_struct, task, pid), index);
}

static __always_inline void count_call(struct task_struct *task, __u64 start, __u32 abi, long nr, long ret)
{
	time_call(task, count_by_line(own(struct task_struct, task, tgid), start, abi, nr, is_error(ret)));
}

/* Returns the class of a call that another program may have to handle as well, or CALL_OTHER. */
static __always_inline __u32 handle_exit(struct task_struct *task, struct pt_regs *regs, long ret)
{
	__u32 pid = own(struct task_struct, task, tgid), abi, class;
	long nr = call_number(regs);
	__u64 start;

	abi = is_compat_call(task) ? WIRE_ABI_COMPAT : WIRE_ABI_NATIVE;
	class = class_of(abi, nr);
	if (is_restart(ret)) /* of any process: it may be followed later */
		remember_interrupted(task, regs, nr, ret);
	if (!is_wanted(pid)) {
		if (count_io && announce_objects)
			handle_birth(class, ret);
		return CALL_OTHER;
	}
	if (is_restart(ret)) {
		remember_restart(task, nr, class, ret);
		return CALL_OTHER;
	}
	if (nr < 0) { /* rt_sigreturn has restored the registers of the interrupted code */
		forget_interrupted(task);
		if (abi != WIRE_ABI_NATIVE)
			return CALL_OTHER;
		nr = NR_RT_SIGRETURN;
		ret = 0;
		class = CALL_OTHER;
	}
	start = own(struct task_struct, own(struct task_struct, task, group_leader), start_boottime);
	if (class == CALL_OTHER) {
		count_call(task, start, abi, nr, ret);
		return CALL_OTHER;
	}
	if (class == CALL_CLONE && ret == 0) /* the child's side of its parent's call */
		return CALL_OTHER;
	if (class == CALL_RESTART) {
		nr = restarted_number(task, nr);
		if (class_of(abi, nr) == CALL_SLEEP)
			class = CALL_SLEEP;
	}
	count_call(task, start, abi, nr, ret);
	if (class == CALL_EXEC) {
		if (is_error(ret))
			handle_exec_failed(regs, ret, abi);
		return CALL_OTHER;
	}
	if (!count_io)
		return CALL_OTHER;
	if ((class == CALL_READ || class == CALL_WRITE) && abi == WIRE_ABI_NATIVE) {
		if (ret >= 0)
			handle_transfer(task, start, native_argument(regs, 0), ret, class == CALL_READ ? IO_READ : IO_WRITE);
		return CALL_OTHER;
	}
	if (class < CALL_CLONE)
		handle_io_call(regs, ret, pid, start, class << 1 | abi);
	return abi == WIRE_ABI_NATIVE || class >= CALL_AIO_SUBMIT || class == CALL_OPEN ? class : CALL_OTHER;
}

SYS_EXIT_PROG(ebtop_sys_exit)
{
	struct task_struct *task = current_task();
	__u32 class = handle_exit(task, regs, ret);

	barrier_var(class); /* or clang mixes both, which takes more stack */
	if (by_form(false, is_following) && may_be_step(task, regs))
		bpf_tail_call_static(ctx, &ipc_calls, CALL_FOLLOWED);
	if (class != CALL_OTHER)
		bpf_tail_call(ctx, &ipc_calls, class);
	return 0;
}

/* A call that ends with EINTR because of a signal handler has no exit event of its own. */
static __always_inline bool is_interrupted(long ret, struct k_sigaction *action)
{
	if (ret == -ERESTARTSYS)
		return !(action->sa.sa_flags & SA_RESTART);
	return ret == -ERESTARTNOHAND || ret == -ERESTART_RESTARTBLOCK;
}

SEC("tp_btf/signal_deliver")
int BPF_PROG(ebtop_interrupt, int sig, struct kernel_siginfo *info, struct k_sigaction *action)
{
	struct task_struct *task = current_task();
	struct pt_regs *regs = task_registers(task);
	__u64 handler = (__u64)action->sa.sa_handler;
	long result, nr = interrupted_call(task, regs, &result);
	__u32 abi;

	if (handler <= 1 || nr < 0 || !is_wanted(own(struct task_struct, task, tgid)) || !is_interrupted(result, action))
		return 0;
	abi = is_compat_call(task) ? WIRE_ABI_COMPAT : WIRE_ABI_NATIVE;
	if (class_of(abi, nr) == CALL_RESTART)
		nr = restarted_number(task, nr);
	time_call(task, count_syscall(own(struct task_struct, task, tgid), process_start(task), abi, nr, true));
	return 0;
}

/* Only with latency. exit and exit_group never return. */
SYS_ENTER_PROG(ebtop_sys_enter)
{
	struct task_struct *task = current_task();
	__u32 tid = own(struct task_struct, task, pid);
	__u64 *at;

	if (!is_wanted(own(struct task_struct, task, tgid)) || nr == NR_EXIT || nr == NR_EXIT_GROUP)
		return 0;
	at = bpf_map_lookup_elem(&entered, &tid);
	if (at)
		*at = bpf_ktime_get_ns();
	return 0;
}
