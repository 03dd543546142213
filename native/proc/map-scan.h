// SPDX-License-Identifier: GPL-2.0-only
// Mapped shared memory: POSIX and System V objects and memfds need no descriptor while they are used, so they are found in
// /proc/PID/maps. That file is long, so it is read again only after the size of the address space has changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "held-objects.h"
#include "process-table.h"

namespace ebtop::proc {

struct Mappings : Held {
	Refusal refusal;
	uint64_t vsize = 0;  // when they were read
	uint64_t due_ns = 0; // not read again before this time
};

class MapScan : public HeldBy<Mappings> {
public:
	// `shm_names_max`: how many files of /dev/shm are searched for the name of a semaphore.
	MapScan(ProcessTable &processes, size_t shm_names_max) : processes_(processes), shm_names_max_(shm_names_max) {}

	void scan();
	// Fills in the owner and the creator of a System V segment, for all that map it.
	void set_owners(const wire_object &segment);
	// Which semaphores have no name, a sentence; empty if all have.
	std::string about_names() const;

private:
	void read(const Process &process, Mappings &mappings);
	void name_semaphores(std::vector<Descriptor> &found);

	ProcessTable &processes_;
	const size_t shm_names_max_;
	bool are_all_named_ = true;
	bool is_first_ = true;
	uint32_t next_pid_ = 0;
};

// Parses one line of maps; adds what it maps to `found` if it is an object that processes share.
void parse_map_line(std::string_view line, uint32_t ipc_namespace, std::vector<Descriptor> &found);

} // namespace ebtop::proc
