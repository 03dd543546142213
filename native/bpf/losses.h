// SPDX-License-Identifier: GPL-2.0-only
// Notices lost records and skipped programs.
#pragma once

#include <cstdint>

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

class Losses {
public:
	// Calls `each` with every probe that lost something since the last call; lost(probe) returns what it has lost so
	// far. Returns whether any did.
	template <class LostOf, class Each> bool notice(LostOf lost, Each each)
	{
		bool is_any = false;

		for (int id = 0; id < PROBE_COUNT; id++) {
			uint64_t now = lost(probe_id(id));
			if (now == known_[id])
				continue;
			known_[id] = now;
			is_any = true;
			each(probe_id(id));
		}
		return is_any;
	}

private:
	uint64_t known_[PROBE_COUNT] = {};
};

} // namespace ebtop::bpf
