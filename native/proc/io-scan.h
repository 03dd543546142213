// SPDX-License-Identifier: GPL-2.0-only
// What processes read and wrote (/proc/PID/io): WIRE_SPILL for bytes of no known file, WIRE_DISK_SUM.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "../batch.h"
#include "io-counters.h"
#include "per-process.h"
#include "process-table.h"

namespace ebtop::proc {

class IoScan {
public:
	explicit IoScan(const ProcessTable &processes) : processes_(processes) {}

	// Reads processes that ran, and as many of the other multithreaded ones as the budget allows.
	void scan();
	// Reads one process now and returns all that it read and wrote.
	const IoNumbers &read(const Process &process);
	const IoNumbers &total(const Process &process) { return states_[process].io.total(); }
	// This much of it is reported as a file's.
	void give_to_file(const Process &process, uint64_t read_bytes, uint64_t write_bytes);
	// Called after the files were scanned.
	void append(Batch &batch);

	size_t denied() const { return denied_; }

private:
	struct State {
		Refusal refusal;
		IoCounters io;
		uint64_t file_read_bytes = 0, file_write_bytes = 0; // reported as those of files
		IoNumbers sent;
		std::optional<std::pair<uint64_t, uint64_t>> disk_sent; // bytes read and written
	};

	void read(const Process &process, State &state);
	static void append_rest(Batch &batch, const Process &process, State &state);
	static void append_disk_sum(Batch &batch, const Process &process, State &state);

	const ProcessTable &processes_;
	PerProcess<State> states_;
	size_t denied_ = 0;
};

} // namespace ebtop::proc
