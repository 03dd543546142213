/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that user space loads in one of two forms (native/bpf/perf-form.h): with the tracepoint's arguments by BTF, or
 * as perf's programs, which run with preemption off. The form is set before loading, and the verifier drops the other
 * one. */
#ifndef EBTOP_TRACEPOINT_BPF_H
#define EBTOP_TRACEPOINT_BPF_H

#include "kernel.bpf.h"

extern const volatile bool by_perf;

/* Argument n, by BTF. Volatile, or clang merges this and a field of perf's event into one load from a variable address. */
#define btf_argument(ctx, n) (((volatile __u64 *)(ctx))[n])
/* A field of perf's event. */
#define event_field(ctx, type, field) (((struct trace_event_raw_##type *)(ctx))->field)

/* At the exit of a system call. A tail-called program has the form of its caller. */
#define SYS_EXIT_PROG(name) \
	static __always_inline int name##_at(void *ctx, struct pt_regs *regs, long ret); \
	SEC("two_forms/raw_syscalls/sys_exit") int name(void *ctx) \
	{ \
		struct pt_regs *regs; \
		long ret; \
\
		if (by_perf) { \
			regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf()); \
			ret = event_field(ctx, sys_exit, ret); \
		} else { \
			regs = (struct pt_regs *)btf_argument(ctx, 0); \
			ret = btf_argument(ctx, 1); \
		} \
		return name##_at(ctx, regs, ret); \
	} \
	static __always_inline int name##_at(void *ctx, struct pt_regs *regs, long ret)

/* At its entry. */
#define SYS_ENTER_PROG(name) \
	static __always_inline int name##_at(long nr); \
	SEC("two_forms/raw_syscalls/sys_enter") int name(void *ctx) \
	{ \
		return name##_at(by_perf ? event_field(ctx, sys_enter, id) : (long)btf_argument(ctx, 1)); \
	} \
	static __always_inline int name##_at(long nr)

#endif
