// SPDX-License-Identifier: GPL-2.0-only
// Reads the mmap'd counter tables (bpf/lib/tables.h): changed slots become records, slots of the dead are given back.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "batch.h"
#include "mapped-array.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

// Processes whose exit record was read since the last sweep: (pid, start).
using Departed = std::set<std::pair<uint32_t, uint64_t>>;

class SyscallCounters {
public:
	SyscallCounters(int table_fd, int occupied_fd, uint32_t capacity);
	// Appends a WIRE_SYSCALL for each (process, call) that changed since the last sweep, and gives back the slots of
	// the departed after that. Between refreshes only those are looked at.
	void sweep(Batch &batch, uint64_t now, const Departed &departed, bool is_only_departed);
	uint64_t used() const { return used_; }
	uint64_t capacity() const { return table_.size(); }

private:
	void visit(uint32_t index, Batch &batch, uint64_t now, const Departed &departed, bool is_only_departed);
	void release(uint32_t index);

	MappedArray<syscall_slot> table_;
	MappedArray<uint64_t> occupied_;
	std::vector<uint64_t> sent_; // count + errors as last sent, per slot
	uint64_t used_ = 0;
};

} // namespace ebtop::bpf
