// SPDX-License-Identifier: GPL-2.0-only
// Data for links besides descriptors and TCP: addresses, System V objects, mappings.
#pragma once

#include <optional>

#include "bpf/ipc-addresses.h"
#include "bpf/ipc-mappings.h"
#include "bpf/other-ends.h"
#include "bpf/probe-health.h"
#include "bpf/process-pass.h"
#include "bpf/ring.h"
#include "semaphores.h"

struct bpf_program;
struct ebtop_bpf;

namespace ebtop::bpf {

class IpcSweep {
public:
	IpcSweep(const ebtop_bpf &object, NetVisitor &visitor, Ring &ring, OtherEnds &others, ProbeHealth &health);

	// Passes over mappings are made from now on; null: there is no iterator over them.
	void set_mappings(bpf_program *iterator);
	void run(Batch &batch, const ProcessPass &processes, bool is_first);
	void append_map(Batch &batch) const { addresses_.append_map(batch); }

private:
	void pass_mappings(Batch &batch);

	const bool is_filtered_;	      // --pid or --comm
	std::optional<IpcMappings> mappings_; // if there is an iterator over them
	IpcAddresses addresses_;
	Ring &ring_;
	OtherEnds &others_;
	ProbeHealth &health_;
	SkippedSemaphores skipped_;
};

} // namespace ebtop::bpf
