// SPDX-License-Identifier: GPL-2.0-only
// The bytes and calls of /proc/PID/io, counted from when the source began.
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

	// Adds what `now` has more than `before`.
	void add(const IoNumbers &now, const IoNumbers &before);
	bool operator==(const IoNumbers &) const = default;
};

// /proc/PID/io also has the bytes of children that the process waited for, so a shell would seem to write what its
// commands wrote. The file of a single thread has its own alone: it is taken while there is but one thread.
class IoCounters {
public:
	enum class Result { known, denied, gone };

	// `counts_all` for a process that began after the source: what it did before it was first seen counts too.
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
