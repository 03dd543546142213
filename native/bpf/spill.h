// SPDX-License-Identifier: GPL-2.0-only
// Counts that found no room in a full table, per process: a hash map, empty until something overflows.
#pragma once

#include <cstdint>
#include <map>

#include "bpf/counter-table.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class Spill {
public:
	static void configure(ebtop_bpf &object, const SourceOptions &options);
	Spill(const ebtop_bpf &object, Shares &shares);
	// Appends a WIRE_SPILL for each process whose overflow grew, and drops exited processes.
	void sweep(const Sweep &sweep);
	uint64_t used() const { return sent_.size() - sent_.contains(nobody); }

private:
	void report(const Sweep &sweep, const spill_key &key, const spill_value &value);

	static constexpr ExitedProcesses::Process nobody{0, 0};

	int map_fd_;
	Shares &shares_;
	std::map<ExitedProcesses::Process, uint64_t> sent_; // sum of all counts
};

} // namespace ebtop::bpf
