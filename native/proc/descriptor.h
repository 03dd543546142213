// SPDX-License-Identifier: GPL-2.0-only
// One open descriptor or shared mapping of a process, as it was found last.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../batch.h"
#include "../hash.h"

namespace ebtop::proc {

struct Descriptor {
	wire_object object{}; // its head is set when it is sent
	uint32_t number = 0;  // of the descriptor, 0 of a mapping
	std::string name;
	uint64_t link = 0;   // hash of what /proc/PID/fd/N pointed to
	uint64_t socket = 0; // hash of what sock_diag said about it
	bool has_position = false;
	uint64_t position = 0;
	bool is_position_told = false;
	bool is_position_unknown = false; // could not be read yet
};

// What is counted of one file that a process has or had open.
struct FileCount {
	uint32_t slot = 0;
	uint32_t dev = 0;
	uint64_t ino = 0;
	uint32_t gen = 0;
	uint64_t opens = 0;
	uint64_t read_bytes = 0;
	uint64_t write_bytes = 0;
	bool is_shared = false;	  // what moved through a shared descriptor is not in it
	bool has_changed = false; // since it was sent
};

} // namespace ebtop::proc
