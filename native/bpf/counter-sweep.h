// SPDX-License-Identifier: GPL-2.0-only
// The kernel's counters, and how full its tables are.
#pragma once

#include <optional>

#include "bpf/counters.h"
#include "bpf/exited.h"
#include "bpf/disk-counters.h"
#include "bpf/sched-counters.h"
#include "bpf/shares.h"

namespace ebtop::bpf {

class CounterSweep {
public:
	CounterSweep(const ebtop_bpf &object, const SourceOptions &options);

	Shares &shares() { return shares_; }
	// The processes that ended since the last sweep are added to it.
	ExitedProcesses &exited() { return exited_; }
	// Sends the last values of exited processes and frees their slots.
	void sweep_departed(Batch &batch) { sweep(batch, true); }
	// Sends what changed since the last time, for all processes.
	void sweep(Batch &batch);
	// Forgets requests to block devices that are in flight, since their end will not be seen.
	void forget_requests();
	// Like SchedCounters::make_places(), if scheduling may be measured.
	int make_places(bpf_program *iterator) { return sched_ ? sched_->make_places(iterator) : 0; }
	// A WIRE_MAP for each table.
	void append_maps(Batch &batch) const;

private:
	void sweep(Batch &batch, bool is_only_exited);

	Shares shares_;
	Counters counters_;
	std::optional<DiskCounters> disk_;
	std::optional<SchedCounters> sched_;
	ExitedProcesses exited_;
};

} // namespace ebtop::bpf
