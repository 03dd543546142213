// SPDX-License-Identifier: GPL-2.0-only
// Notices that records found no room in the ring.
#pragma once

#include <cstdint>

#include "bpf/mapped-array.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

class Losses {
public:
	// Calls `each` with every probe that lost records since the last call. `lost`: the kernel's counts by probe_id.
	// Whether there was any.
	template <class Each> bool notice(const __u64 *lost, Each each)
	{
		bool is_any = false;

		for (int id = 0; id < PROBE_COUNT; id++) {
			uint64_t now = load(lost[id]);
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
