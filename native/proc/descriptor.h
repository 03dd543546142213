// SPDX-License-Identifier: GPL-2.0-only
// One open descriptor or shared mapping of a process, as it was found last.
#pragma once

#include <cstdint>
#include <string>

#include "../batch.h"

namespace ebtop::proc {

struct Descriptor {
	wire_object object{};
	std::string name;
	uint64_t link = 0;       // hash of what /proc/PID/fd/N pointed to
	uint64_t socket = 0;     // hash of what sock_diag said about it
	bool is_new = true;      // not sent yet

	// Regular files: where the position is, and what that says about bytes.
	bool has_position = false;
	uint32_t slot = WIRE_NO_SLOT;
	uint64_t position = 0;
	uint64_t read_bytes = 0;
	uint64_t write_bytes = 0;
};

} // namespace ebtop::proc
