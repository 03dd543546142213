// SPDX-License-Identifier: GPL-2.0-only
// One open descriptor or shared mapping of a process, as it was last found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../batch.h"
#include "../hash.h"

namespace ebtop::proc {

struct Descriptor {
	wire_object object{}; // its head is set when it is sent
	uint32_t number = 0;  // the descriptor's number, 0 for a mapping
	std::string name;
	uint64_t link = 0;   // hash of what /proc/PID/fd/N pointed to
	uint64_t socket = 0; // hash of its data from sock_diag
	bool has_position = false;
	uint64_t position = 0;
	bool is_position_told = false;
	bool is_position_unknown = false; // could not be read yet
};

// Whether both are the same mapping or System V object.
inline bool is_same(const wire_object &a, const wire_object &b)
{
	return a.kind == b.kind && a.ino == b.ino && a.dev == b.dev;
}

} // namespace ebtop::proc
