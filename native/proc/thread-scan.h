// SPDX-License-Identifier: GPL-2.0-only
// All threads of the wanted processes from /proc/PID/task. A thread that did not run since the last scan has not changed.
#pragma once

#include <cstddef>
#include <vector>

#include "../reported-threads.h"
#include "fd-scan.h"
#include "process-table.h"

namespace ebtop::proc {

class ThreadScan {
public:
	ThreadScan(ProcessTable &processes, FdScan &fds) : processes_(processes), fds_(fds), reported_(processes.proc_dir()) {}

	// Sends what changed. Call it after the scan of descriptors.
	void scan(Batch &batch);
	// Threads are no longer wanted: sends all as gone.
	void report_gone(Batch &batch) { reported_.report_gone(batch); }
	// How many processes' threads may not be inspected for their calls.
	size_t denied() const { return denied_; }

private:
	void look_at(const Process &process, uint32_t tid);
	bool read_stat(const Process &process, uint32_t tid, wire_thread &thread);
	void read_call(const Process &process, wire_thread &thread);
	void find_object(const Process &process, wire_thread &thread);

	ProcessTable &processes_;
	FdScan &fds_;
	ReportedThreads reported_;
	std::vector<uint32_t> tids_;
	size_t denied_ = 0;
	bool is_denied_ = false; // by the process being scanned
};

} // namespace ebtop::proc
