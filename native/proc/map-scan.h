// SPDX-License-Identifier: GPL-2.0-only
// Mapped shared memory: POSIX and System V objects and memfds need no descriptor while they are used, so they are found in
// /proc/PID/maps. That file is long, so it is read again only after the address space has changed its size.
#pragma once

#include <string_view>
#include <vector>

#include "held-objects.h"
#include "process-table.h"

namespace ebtop::proc {

struct Mappings : Held {
	Refusal refusal;
	uint64_t vsize = 0;  // when they were read
	uint64_t due_ns = 0; // not to be read again before
};

class MapScan : public HeldBy<Mappings> {
public:
	explicit MapScan(ProcessTable &processes) : processes_(processes) {}

	void scan();
	// Fills in the owner and the creator of a System V segment, for all that map it.
	void set_owners(const wire_object &segment);

private:
	void read(const Process &process, Mappings &mappings);
	static void name_semaphores(std::vector<Descriptor> &found);

	ProcessTable &processes_;
	bool is_first_ = true;
	uint32_t next_pid_ = 0;
};

// Parses one line of maps; adds what it maps to `found` if it is an object that processes share.
void parse_map_line(std::string_view line, uint32_t ipc_namespace, std::vector<Descriptor> &found);

} // namespace ebtop::proc
