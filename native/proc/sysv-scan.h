// SPDX-License-Identifier: GPL-2.0-only
// System V message queues and semaphores: nothing says who uses them but who did last. Those are remembered.
#pragma once

#include <vector>

#include "process-table.h"

namespace ebtop::proc {

class SysvScan {
public:
	explicit SysvScan(ProcessTable &processes);

	// Adds objects to the processes that used them, takes those off that are gone, and fills in who owns and who made
	// shared memory that MapScan found. Sets Process::has_new_objects.
	void scan();

private:
	void scan_queues();
	void scan_semaphores();
	void scan_memory();
	void use(uint32_t pid, const wire_object &object, uint32_t fmode);

	ProcessTable &processes_;
	const uint32_t namespace_; // /proc/sysvipc shows the reader's alone
	std::vector<wire_object> seen_;
};

} // namespace ebtop::proc
