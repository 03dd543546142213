// SPDX-License-Identifier: GPL-2.0-only
// What each probe lost, and what the last refresh could not do for it: WIRE_PROBE.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "batch.h"
#include "probe-links.h"

namespace ebtop::bpf {

class ProbeHealth {
public:
	explicit ProbeHealth(const ProbeLinks &links) : links_(links), missed_(links.probes().size()) {}

	// Asks the kernel how often it skipped programs; once per refresh. `made_good`: how many events of a probe another
	// program handled before the program was skipped (ProbeRow::before).
	void count_misses(const std::function<uint64_t(probe_id)> &made_good);
	uint64_t missed(probe_id id) const;
	// Notes what the last refresh could not do for a probe, a sentence; empty: nothing.
	void say(const std::string &probe, const std::string &trouble) { trouble_[probe] = trouble; }
	// The last pass over `what` ended with this errno; 0: it was complete.
	void report_broken_pass(const std::string &probe, const char *what, int error);
	// A WIRE_PROBE for each; `lost` is indexed by probe_id.
	void append(Batch &batch, const __u64 *lost) const;

private:
	wire_probe_state state_of(const AttachedProbe &probe, bool has_trouble) const;

	const ProbeLinks &links_;
	std::vector<uint64_t> missed_; // events for which each probe was skipped, as of the last count_misses()
	std::map<std::string, std::string> trouble_;
};

} // namespace ebtop::bpf
