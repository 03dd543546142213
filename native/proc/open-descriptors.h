// SPDX-License-Identifier: GPL-2.0-only
// The state that FdScan keeps for a process.
#pragma once

#include <cstdint>

#include "held-objects.h"

namespace ebtop::proc {

struct OpenDescriptors : Held { // objects: in the order of their numbers
	Refusal refusal;
	uint64_t read_ns = 0; // when they were read; 0: never
	bool has_run = true;  // since then
};

} // namespace ebtop::proc
