// SPDX-License-Identifier: GPL-2.0-only
// The requests of each process to each block device: user space's side of bpf/lib/disk.bpf.h.
#pragma once

#include <cstdint>
#include <optional>

#include "bpf/counter-table.h"
#include "bpf/needs.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class DiskCounters {
public:
	static bool is_needed(const SourceOptions &options) { return (options.possible() | options.events) & needs_requests; }
	// Called before loading: sets the sizes of the maps.
	static void configure(ebtop_bpf &object, const SourceOptions &options);
	DiskCounters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares);

	// Like Counters::sweep().
	void sweep(Batch &batch, const ExitedProcesses &exited, bool is_only_exited);
	// Like CounterSweep::forget_requests().
	void forget_requests();
	void append_maps(Batch &batch) const;

private:
	std::optional<uint64_t> report(const Sweep &sweep, const SameKey &same, uint64_t sent, bool has_exited);

	const ebtop_bpf &object_;
	CounterTable<disk_slot> slots_;
	uint64_t in_flight_ = 0; // as of the last full sweep
};

} // namespace ebtop::bpf
