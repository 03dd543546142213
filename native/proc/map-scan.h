// SPDX-License-Identifier: GPL-2.0-only
// Shared memory that is mapped: POSIX and System V objects and memfds have no descriptor for as long as they are used,
// so they are found in /proc/PID/maps. It is long, so it is read again only after the address space changed its size.
#pragma once

#include <string_view>
#include <vector>

#include "process-table.h"

namespace ebtop::proc {

class MapScan {
public:
	explicit MapScan(ProcessTable &processes) : processes_(processes) {}

	// Sets Process::has_new_objects where the mappings are others than before.
	void scan();

private:
	void read(Process &process);
	static void name_semaphores(std::vector<Descriptor> &found);

	ProcessTable &processes_;
	bool is_first_ = true;
	uint32_t next_pid_ = 0;
};

// Takes one line of maps; adds what it maps to `found` if that is an object that processes share.
void parse_map_line(std::string_view line, uint32_t ipc_namespace, std::vector<Descriptor> &found);

} // namespace ebtop::proc
