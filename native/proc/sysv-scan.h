// SPDX-License-Identifier: GPL-2.0-only
// System V message queues and semaphores: the kernel only shows which process used them last and which wait in a call.
// These processes are remembered.
#pragma once

#include <initializer_list>
#include <vector>

#include "call-samples.h"
#include "held-objects.h"
#include "map-scan.h"
#include "process-table.h"
#include "semaphores.h"

namespace ebtop::proc {

class SysvScan : public HeldBy<Held> {
public:
	SysvScan(ProcessTable &processes, MapScan &maps, const CallSamples &calls);

	// Adds objects to the processes that used them, removes objects that are gone, and fills in the owner and the
	// creator of shared memory that MapScan found.
	void scan();

	const SkippedSemaphores &skipped() const { return skipped_; }

private:
	bool scan_queues();
	bool scan_semaphores();
	bool scan_memory();
	void use(const Process *process, const wire_object &object, uint32_t fmode);
	// Adds the object to the processes that were found in one of these calls on it.
	void use_waiting(const wire_object &object, std::initializer_list<uint32_t> calls, uint32_t fmode);

	ProcessTable &processes_;
	MapScan &maps_;
	const CallSamples &calls_;
	const uint32_t namespace_; // /proc/sysvipc shows the reader's own
	std::vector<wire_object> seen_;
	SkippedSemaphores skipped_;
};

} // namespace ebtop::proc
