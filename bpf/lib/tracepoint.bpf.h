/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that user space loads in one of two forms (native/bpf/perf-form.h): with the tracepoint's arguments by BTF, or
 * as perf's programs, which run with preemption off. The form is set before loading, and the verifier drops the other
 * one. */
#ifndef EBTOP_TRACEPOINT_BPF_H
#define EBTOP_TRACEPOINT_BPF_H

#include "kernel.bpf.h"
#include "tables.h"

extern const volatile bool by_perf;

/* From 7.0 on neither form alone sees everything: a BTF program is skipped for other threads while it is preempted, a
 * perf program if it would interrupt another one or a bpf() call. If a lost event would be a lost row, both are
 * attached: perf's runs first, sends the event and leaves a mark, and the BTF program sends events without a mark. A
 * mark is found by its actor (the current task or the socket), which does one thing at a time. So an older mark of the
 * same actor belongs to an event for which the BTF program was skipped, and is replaced. */
struct taken_event {
	__u64 whose; /* start of the task (at a fork the child's) or cookie of the socket; addresses are reused */
	__u64 which; /* of the actor's events: see event_of() */
};
struct taken_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct taken_event);
};
extern struct taken_map taken_events SEC(".maps");
/* Set while both are attached. Before that, perf's would leave marks that the BTF program never sees, which would hide
 * losses. */
extern bool takes_events;
/* How many events perf's program has sent, and how many of these the BTF program saw; it was skipped for the rest. */
extern __u64 taken[PROBE_COUNT], taken_seen[PROBE_COUNT];

/* Event n of a probe. Those of one actor that follow each other have different numbers. */
static __always_inline __u64 event_of(enum probe_id probe, __u32 n)
{
	return (__u64)probe << 32 | n;
}

/* For perf's program: whether it is to send the event. If the map is full, the BTF program sends it. */
static __always_inline bool take_event(enum probe_id probe, __u64 actor, struct taken_event *event)
{
	if (!takes_events || bpf_map_update_elem(&taken_events, &actor, event, BPF_ANY))
		return false;
	__sync_fetch_and_add(&taken[probe], 1);
	return true;
}

/* For the BTF program: whether perf's has sent it. */
static __always_inline bool was_taken(enum probe_id probe, __u64 actor, struct taken_event *event)
{
	struct taken_event *mark = by_perf ? bpf_map_lookup_elem(&taken_events, &actor) : NULL;
	bool is_same;

	if (!mark)
		return false;
	is_same = mark->whose == event->whose && mark->which == event->which;
	bpf_map_delete_elem(&taken_events, &actor);
	if (is_same)
		__sync_fetch_and_add(&taken_seen[probe], 1);
	return is_same;
}

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
