// SPDX-License-Identifier: GPL-2.0-only
// All counters that the kernel side keeps: system calls, their latency, I/O, and what found no room.
#pragma once

#include "bpf/call-counters.h"
#include "bpf/io-counters.h"
#include "bpf/spill.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class Counters {
public:
	// Before loading: sizes the maps and says which of them anybody wants.
	static void configure(ebtop_bpf &object, const SourceOptions &options);
	Counters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares);

	// Appends what changed since the last sweep; gives back the slots of the departed after their last values.
	// Between refreshes (is_only_departed) only those are looked at.
	void sweep(Batch &batch, const Departed &departed, bool is_only_departed);
	// A WIRE_MAP for each.
	void append_maps(Batch &batch) const;

private:
	const ebtop_bpf &object_;
	CallCounters calls_;
	IoCounters io_;
	Spill spill_;
};

} // namespace ebtop::bpf
