// SPDX-License-Identifier: GPL-2.0-only
// All counters of the kernel side: system calls, their latency, I/O, and the spill.
#pragma once

#include "bpf/call-counters.h"
#include "bpf/io-counters.h"
#include "bpf/spill.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class Counters {
public:
	// Called before loading: sets the sizes of the maps, and which of them are needed.
	static void configure(ebtop_bpf &object, const SourceOptions &options);
	Counters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares);

	// Appends what changed since the last sweep, and frees the slots of exited processes after sending their last
	// values. Between refreshes (is_only_exited) it reads only those.
	void sweep(Batch &batch, const ExitedProcesses &exited, bool is_only_exited);
	// A WIRE_MAP for each table.
	void append_maps(Batch &batch) const;

private:
	const ebtop_bpf &object_;
	CallCounters calls_;
	IoCounters io_;
	Spill spill_;
};

} // namespace ebtop::bpf
