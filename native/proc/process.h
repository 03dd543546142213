// SPDX-License-Identifier: GPL-2.0-only
// One process as /proc shows it. Only ProcessTable writes to it. The state that a scan keeps for it belongs to that scan: see
// per-process.h.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "../batch.h"
#include "../owned-fd.h"

namespace ebtop::proc {

struct Process {
	wire_process record{};
	OwnedFd schedstat;	// /proc/PID/schedstat, if it is kept open
	OwnedFd stat;		// /proc/PID/stat of a process that runs or has threads, if it is kept open
	uint64_t serial = 0;	// never reused; 0 outside of a ProcessTable
	uint32_t place = 0;	// index of its states in PerProcess
	uint64_t program = 1;	// grows with each exec
	uint64_t pulse = 0;	// hash of schedstat: changes whenever it ran
	uint64_t image = 0;	// changes with an exec: addresses of program, stack and arguments
	uint64_t vsize = 0;	// changes with mmap
	uint64_t pass = 0;	// the last pass that found it
	uint64_t stat_pass = 0; // the last pass that read its stat
	bool is_new = true;	// not sent yet
	uint8_t looks = 0;	// passes that found it; 2 for more
	bool has_new_image = true;
	bool is_due = false;		 // to be read and sent in the next pass, whether it runs or not
	bool has_run = true;		 // since the pass before
	uint64_t ran_ns = 0;		 // the last pass before which it ran
	bool may_have_new_owner = false; // it has run since its user was read
	bool may_have_new_place = false; // the same for its namespaces
	bool is_wanted = false;

	uint32_t pid() const { return record.head.pid; }
	// schedstat shows only the first thread: the others may have run.
	bool has_threads() const { return record.threads > 1; }
	bool is_kernel_thread() const { return record.flags & WIRE_PROCESS_KTHREAD; }
};

using ProcessList = std::vector<const Process *>;

// Parses /proc/PID/stat into `process`. False if the text has another format.
bool parse_stat(std::string_view text, Process &process);

// Parses /proc/PID/status: user, group, seccomp, pid in its own namespace.
void parse_status(std::string_view text, wire_process &record);

} // namespace ebtop::proc
