// SPDX-License-Identifier: GPL-2.0-only
// What found no room in a full table, per process: a hash map, empty as long as nothing overflows.
#pragma once

#include <cstdint>
#include <map>

#include "bpf/counter-table.h"

namespace ebtop::bpf {

class Spill {
public:
	explicit Spill(int map_fd) : map_fd_(map_fd) {}
	// Appends a WIRE_SPILL for each process whose overflow grew, and forgets the departed.
	void sweep(const Sweep &sweep);
	uint64_t used() const { return sent_.size(); }

private:
	void report(const Sweep &sweep, const spill_key &key, const spill_value &value);

	int map_fd_;
	std::map<Departed::Process, uint64_t> sent_; // sum of all counts
};

} // namespace ebtop::bpf
