// SPDX-License-Identifier: GPL-2.0-only
// How long the threads of each process waited for CPUs and had them: user space's side of bpf/sched.bpf.c.
#pragma once

#include <string>

#include "bpf/counter-table.h"

struct bpf_link;
struct ebtop_bpf;

namespace ebtop::bpf {

class SchedCounters {
public:
	// Called before loading: sets the sizes of the maps.
	static void configure(ebtop_bpf &object, const SourceOptions &options);
	SchedCounters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares);
	~SchedCounters();
	SchedCounters(const SchedCounters &) = delete;
	SchedCounters &operator=(const SchedCounters &) = delete;

	// Makes places for threads that have none: those from before the probes were attached. 0, or errno if not for all.
	int make_places();
	// As Counters::sweep().
	void sweep(Batch &batch, const ExitedProcesses &exited, bool is_only_exited);
	void append_map(Batch &batch) const;

private:
	uint64_t report(const Sweep &sweep, const SameKey &same, uint64_t sent) const;

	const ebtop_bpf &object_;
	CounterTable<sched_slot> slots_;
	bpf_link *places_;
	std::string bytes_;
};

} // namespace ebtop::bpf
