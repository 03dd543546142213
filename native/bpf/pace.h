// SPDX-License-Identifier: GPL-2.0-only
// How often a full pass may be made, given the cost of the last one. The model's work on its records costs about as much
// again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>

#include "clock.h"

namespace ebtop::bpf {

class Pace {
public:
	void begin() { began_ns_ = clock_ns(CLOCK_THREAD_CPUTIME_ID); }

	void end()
	{
		cost_ns_ = clock_ns(CLOCK_THREAD_CPUTIME_ID) - began_ns_;
		ended_ns_ = boot_ns();
	}

	// The first pass is due at once; later ones after `least_ns` at the earliest, and so late that they take
	// 1/`cost_share` of a CPU.
	bool is_due(uint64_t least_ns, uint64_t cost_share) const
	{
		return !ended_ns_ || boot_ns() - ended_ns_ >= std::max(least_ns, cost_ns_ * cost_share);
	}
	// The usual pass: records should have told all that it finds.
	bool is_due() const { return is_due(2 * second, 1000); }

private:
	uint64_t began_ns_ = 0, ended_ns_ = 0, cost_ns_ = 0;
};

} // namespace ebtop::bpf
