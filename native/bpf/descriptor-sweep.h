// SPDX-License-Identifier: GPL-2.0-only
// Passes over all open descriptors, as often as ObjectPass says and after losses.
#pragma once

#include "bpf/births.h"
#include "bpf/object-pass.h"
#include "bpf/other-ends.h"
#include "bpf/probe-health.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class DescriptorSweep {
public:
	DescriptorSweep(const ebtop_bpf &object, Shares &shares, OtherEnds &others, ProbeHealth &health);

	// Sends a WIRE_PASS over all descriptors if one is due. `is_first`: this is the first refresh, so peers of new
	// channels are looked for at once, whatever that costs.
	void run(Batch &batch, bool has_losses, bool is_first);
	// A second pass, for channels that the other sweeps have found.
	void run_for_news(Batch &batch, bool is_first);
	void append_map(Batch &batch) const { births_.append_map(batch); }

private:
	ObjectPass pass_;
	Births births_;
	OtherEnds &others_;
	ProbeHealth &health_;
	bool is_repair_due_ = false; // records were lost since the last pass
};

} // namespace ebtop::bpf
