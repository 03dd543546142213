// SPDX-License-Identifier: GPL-2.0-only
// Processes that /proc shows and the task iterator does not: a kernel may hide some, such as PID 1, from BPF. They have no
// events and no counters; their data from /proc completes the tree.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "../names.h"
#include "bpf/task-pass.h"
#include "../proc/process-reader.h"

namespace ebtop::bpf {

class ProcOnlyProcesses {
public:
	// Called after a full pass that began at `began_ns`: finds the older processes that it did not find.
	void find(const Starts &met, uint64_t began_ns);
	// Calls `each` with a record for each that still lives. Names that the record refers to are appended first.
	void visit(Batch &batch, Names &names, const std::function<void(const wire_process &)> &each);
	// Corrects the start time in a record that names one of them, such as a signal to it: the record has nanoseconds,
	// /proc has ticks.
	void align(wire_head &record) const;

private:
	void align(uint32_t pid, __u64 &start) const;

	bool read(uint32_t pid, wire_process &record);

	proc::ProcessReader reader_;
	std::vector<wire_process> proc_only_; // as they last were
};

} // namespace ebtop::bpf
