// SPDX-License-Identifier: GPL-2.0-only
// Notices that records found no room in the ring, and that programs were skipped.
#pragma once

#include <cstdint>

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

class Losses {
public:
	// Calls `each` with every probe that lost something since the last call; `lost` gives what it lost so far. Whether
	// there was any.
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
