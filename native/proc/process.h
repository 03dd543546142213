// SPDX-License-Identifier: GPL-2.0-only
// One process as /proc shows it, and what is remembered of it from one refresh to the next.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "descriptor.h"
#include "io-counters.h"
#include "../owned-fd.h"

namespace ebtop::proc {

struct Process {
	wire_process record{};
	wire_process sent{};	// the record as it was sent last
	OwnedFd schedstat;	// /proc/PID/schedstat, if it is kept open
	OwnedFd stat;		// /proc/PID/stat of one that runs or has threads, if it is kept open
	uint64_t pulse = 0;	// hash of schedstat: differs after it has had a CPU
	uint64_t image = 0;	// differs after an exec: where the program, its stack and its arguments lie
	uint64_t vsize = 0;	// differs after a mmap
	uint64_t pass = 0;	// the last one that met it
	uint64_t stat_pass = 0; // the last one that read its stat
	bool is_new = true;	// not sent yet
	uint8_t looks = 0;	// passes that met it, 2 for more
	bool has_new_image = true;
	bool is_due = false;		 // to be read and sent in the next pass, whatever it does
	bool has_run = true;		 // since the pass before
	uint64_t ran_ns = 0;		 // the last pass that did not find it asleep since the one before
	bool may_have_new_owner = false; // it ran since its user was read
	bool may_have_new_place = false; // the same of its namespaces
	bool is_wanted = false;

	bool is_io_denied = false;
	IoCounters io;
	IoNumbers io_sent;
	std::optional<std::pair<uint64_t, uint64_t>> disk_sent; // bytes read and written
	IoNumbers io_at_scan;					// when its positions were looked at last
	IoNumbers io_of_files;					// what of it was told as a file's

	bool is_fds_denied = false;
	uint64_t fds_ns = 0; // when they were read; 0: never
	bool has_run_since_fds = true;
	std::vector<Descriptor> fds; // by number
	std::vector<FileCount> files;

	bool is_maps_denied = false;
	uint64_t maps_vsize = 0;  // when they were read
	uint64_t maps_due_ns = 0; // not to be read again before
	std::vector<Descriptor> maps;
	std::vector<Descriptor> sysv; // message queues and semaphores that it used
	bool has_new_objects = false; // since they were sent

	bool is_call_denied = false;
	uint32_t call_nr = WIRE_NO_CALL; // that it was found in last
	uint32_t call_abi = WIRE_ABI_NATIVE;
	uint64_t call_argument = 0; // its first
	uint64_t call_looks = 0;    // how often in a row

	uint32_t pid() const { return record.head.pid; }
	// Whether a thread runs is told of the first one alone, so nobody knows that the others slept.
	bool has_threads() const { return record.threads > 1; }
};

// Parses /proc/PID/stat into `process`. False if it is no such text.
bool parse_stat(std::string_view text, Process &process);

// Parses /proc/PID/status: user, group, seccomp, pid in its own namespace.
void parse_status(std::string_view text, wire_process &record);

} // namespace ebtop::proc
