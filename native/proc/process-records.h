// SPDX-License-Identifier: GPL-2.0-only
// Sends records about processes: state, names, programs, ends.
#pragma once

#include <string_view>

#include "../batch.h"
#include "../names.h"
#include "../source.h"
#include "../titles.h"
#include "per-process.h"
#include "process-table.h"

namespace ebtop::proc {

class ProcessRecords {
public:
	ProcessRecords(ProcessTable &processes, const SourceOptions &options);

	// After a pass: a WIRE_PROCESS for each that differs from what was last sent, with state X for dead ones; new
	// names, executables and arguments. The first pass sends all and is marked as a full one (WIRE_PASS).
	void append_pass(Batch &batch);
	// The program that an exec started: executable and arguments as they were read then.
	void append_program(Batch &batch, const Process &process, std::string_view exe, std::string_view args);
	// Its /proc/PID/cgroup; an empty text changes nothing.
	void take_cgroup(Batch &batch, const Process &process, std::string_view text);
	// Sends the names of users that were found since the last refresh.
	void append_users(Batch &batch) { names_.append_users(batch); }

private:
	void append_gone(Batch &batch, const Process &process);
	void append_process(Batch &batch, const Process &process);
	void append_details(Batch &batch, const Process &process);
	static void append_exe(Batch &batch, const Process &process, std::string_view link);

	ProcessTable &processes_;
	const bool no_args_;
	PerProcess<wire_process> sent_;
	Names names_;
	Titles titles_;
};

} // namespace ebtop::proc
