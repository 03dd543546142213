// SPDX-License-Identifier: GPL-2.0
// Signals, and the out-of-memory killer.
#include "lib/process.bpf.h"

#define SIGCHLD 17
#define SI_USER 0
#define SI_QUEUE (-1)
#define SI_TKILL (-6)
#define SI_KERNEL 128

/* info is 0 or 1 instead of a pointer if the kernel did not fill in one: then no process sent the signal, even if the
 * target sees SI_USER for 0 (SIGPIPE). */
static __always_inline int signal_code(struct kernel_siginfo *info)
{
	if (info == (void *)0 || info == (void *)1)
		return SI_KERNEL;
	return BPF_CORE_READ(info, si_code);
}

/* Timers, terminals and faults have any task as current; only these name their sender. */
static __always_inline bool is_sent_by_current(int sig, int code)
{
	return code == SI_USER || code == SI_QUEUE || code == SI_TKILL || (sig == SIGCHLD && code > 0);
}

SEC("tp_btf/signal_generate")
int BPF_PROG(ebtop_signal, int sig, struct kernel_siginfo *info, struct task_struct *target, int group, int result)
{
	struct task_struct *sender = (struct task_struct *)bpf_get_current_task();
	__u32 pid = bpf_get_current_pid_tgid() >> 32, target_pid = target->tgid, foreign;
	int code = signal_code(info);
	struct wire_signal *record;

	foreign = (is_wanted(pid) ? 0 : WIRE_SIGNAL_SENDER) | (is_wanted(target_pid) ? 0 : WIRE_SIGNAL_TARGET);
	if (foreign == (WIRE_SIGNAL_SENDER | WIRE_SIGNAL_TARGET))
		return 0;
	record = ring_reserve(PROBE_SIGNAL, WIRE_SIGNAL, sizeof(*record), 0, 0);
	if (!record)
		return 0;
	__builtin_memset(record->comm, 0, sizeof(record->comm));
	if (is_sent_by_current(sig, code)) {
		record->head.pid = pid;
		record->head.start = process_start(sender);
		BPF_CORE_READ_INTO(&record->comm, sender, group_leader, comm);
	}
	record->target_pid = target_pid;
	record->target_start = process_start(target);
	record->code = code;
	record->signal = sig;
	record->result = result;
	record->reserved = 0;
	record->foreign = foreign;
	bpf_core_read(record->target_comm, sizeof(record->target_comm), &target->group_leader->comm);
	ring_submit(record);
	return 0;
}

#define MEMCG_CHARGE_BATCH 64 /* pages that a CPU reserves at once, include/linux/memcontrol.h */
#define MEMCG_DEPTH 8

/* The nearest memory cgroup, from the victim's own upwards, that has reached its limit. */
static __always_inline void fill_full_group(struct wire_oom *record, struct task_struct *victim)
{
	struct css_set *set = peek(struct task_struct, victim, cgroups);
	struct cgroup_subsys_state *state = NULL;

	if (!bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		return;
	bpf_probe_read_kernel(&state, sizeof(state),
			      (void *)set + bpf_core_field_offset(struct css_set, subsys) +
				      bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id) * sizeof(void *));
	for (int i = 0; i < MEMCG_DEPTH && state; i++) {
		void *group = (void *)state - bpf_core_field_offset(struct mem_cgroup, css);
		unsigned long max = peek(struct mem_cgroup, group, memory.max);
		long usage = peek(struct mem_cgroup, group, memory.usage.counter);
		struct cgroup *cgroup = peek(struct cgroup_subsys_state, state, cgroup);

		if (usage + MEMCG_CHARGE_BATCH >= (long)max) {
			record->cgroup =
				node_id(peek(struct cgroup, cgroup, kn), is_cgroup_hybrid ? HIERARCHY_MEMORY : 0, PROBE_OOM);
			record->limit_bytes = (__u64)max << page_shift;
			record->usage_bytes = (__u64)usage << page_shift;
			return;
		}
		state = peek(struct cgroup_subsys_state, state, parent);
	}
}

static __always_inline struct wire_oom *oom_record(__u32 pid, __u64 start)
{
	struct wire_oom *record = ring_reserve(PROBE_OOM, WIRE_OOM, sizeof(*record), pid, start);

	if (!record)
		return NULL;
	clear_body(record);
	record->trigger_pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(record->trigger_comm, sizeof(record->trigger_comm));
	return record;
}

/* Linux 6.8 and later: passes the victim itself. */
SEC("tp_btf/mark_victim")
int BPF_PROG(ebtop_oom, struct task_struct *trusted_victim)
{
	struct task_struct *victim = untrusted(struct task_struct, trusted_victim);
	struct wire_oom full = {}, *record;

	if (!is_wanted(victim->tgid))
		return 0;
	fill_full_group(&full, victim); /* its path is sent before the record */
	record = oom_record(victim->tgid, process_start(victim));
	if (!record)
		return 0;
	record->rss_bytes = rss_bytes(victim);
	record->virtual_bytes = BPF_CORE_READ(victim, mm, total_vm) << page_shift;
	record->score_adjust = BPF_CORE_READ(victim, signal, oom_score_adj);
	record->cgroup = full.cgroup;
	record->limit_bytes = full.limit_bytes;
	record->usage_bytes = full.usage_bytes;
	ring_submit(record);
	return 0;
}

/* Before 6.8: passes only its pid; user space knows the rest. */
SEC("tp_btf/mark_victim")
int BPF_PROG(ebtop_oom_pid, int pid)
{
	struct wire_oom *record;

	if (!is_wanted(pid))
		return 0;
	record = oom_record(pid, 0);
	if (record)
		ring_submit(record);
	return 0;
}
