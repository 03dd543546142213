// SPDX-License-Identifier: GPL-2.0-only
// How long the threads of each process waited for CPUs and ran, and who woke them: user space's side of bpf/sched.bpf.c.
#pragma once

#include <string>

#include "bpf/counter-table.h"

struct bpf_link;
struct bpf_program;
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

	// Makes an entry for each thread that is older than the attached probes. Returns 0, or errno if some have none.
	int make_places(bpf_program *iterator);
	// Like Counters::sweep().
	void sweep(Batch &batch, const ExitedProcesses &exited, bool is_only_exited);
	void append_maps(Batch &batch) const;

private:
	uint64_t report(const Sweep &sweep, const SameKey &same, uint64_t sent) const;
	uint64_t report_wakes(const Sweep &sweep, const SameKey &same, uint64_t sent) const;

	const ebtop_bpf &object_;
	CounterTable<sched_slot> slots_;
	CounterTable<wake_slot> wakes_;
	bpf_link *places_ = nullptr;
	std::string bytes_;
};

} // namespace ebtop::bpf
