// SPDX-License-Identifier: GPL-2.0-only
// What the kernel counts, and how full its tables are.
#pragma once

#include <optional>

#include "bpf/counters.h"
#include "bpf/departed.h"
#include "bpf/disk-counters.h"
#include "bpf/shares.h"

namespace ebtop::bpf {

class CounterSweep {
public:
	CounterSweep(const ebtop_bpf &object, const SourceOptions &options);

	Shares &shares() { return shares_; }
	// Who is gone since the last sweep is put in here.
	Departed &departed() { return departed_; }
	// Sends the last values of the departed and gives their slots back.
	void sweep_departed(Batch &batch) { sweep(batch, true); }
	// Sends what changed since the last time, of everybody.
	void sweep(Batch &batch);
	// A WIRE_MAP for each table.
	void append_maps(Batch &batch) const;

private:
	void sweep(Batch &batch, bool is_only_departed);

	Shares shares_;
	Counters counters_;
	std::optional<DiskCounters> disk_;
	Departed departed_;
};

} // namespace ebtop::bpf
