// SPDX-License-Identifier: GPL-2.0-only
// Bytes and calls of /proc/PID/io, counted from the start of the source.
#pragma once

#include <cstdint>

namespace ebtop::proc {

struct IoNumbers {
	uint64_t read_bytes = 0;
	uint64_t write_bytes = 0;
	uint64_t reads = 0;
	uint64_t writes = 0;
	uint64_t disk_read_bytes = 0;
	uint64_t disk_write_bytes = 0;

	// Adds the difference of `now` and `before`.
	void add(const IoNumbers &now, const IoNumbers &before);
	bool operator==(const IoNumbers &) const = default;
};

// /proc/PID/io includes children that the process has waited for, so a shell would seem to write what its commands wrote.
// The file of a single thread does not: it is used while there is only one thread.
class IoCounters {
public:
	enum class Result { known, denied, gone };

	// `counts_all`: the process started after the source, so what it did before it was first seen counts too.
	Result read(int proc_dir, uint32_t pid, bool has_threads, bool counts_all);
	const IoNumbers &total() const { return total_; }
	bool is_known() const { return is_known_; }

private:
	IoNumbers total_;
	IoNumbers last_; // as read
	bool is_known_ = false;
	bool has_threads_ = false;
};

} // namespace ebtop::proc
