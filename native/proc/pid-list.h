// SPDX-License-Identifier: GPL-2.0-only
// The pids in /proc. All are listed now and then; in between only those after the last known one (/proc/loadavg has the
// last pid): listing thousands costs as much as reading each process.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../owned-fd.h"

namespace ebtop::proc {

class PidList {
public:
	explicit PidList(int proc_dir);

	// Adds new pids. False if /proc cannot be read.
	bool update();
	// In ascending order. Some of the processes may be gone.
	const std::vector<uint32_t> &all() const { return pids_; }
	template <class IsThere> void keep(IsThere is_there)
	{
		std::erase_if(pids_, [&](uint32_t pid) { return !is_there(pid); });
	}

private:
	uint32_t last_pid() const;
	bool list_all();
	bool can_seek();

	const int proc_;
	OwnedFd load_; // /proc/loadavg, which ends with the last pid allocated
	uint64_t updates_ = 0;
	uint32_t last_ = 0; // when the list was made
	bool can_seek_ = false;
	std::vector<uint32_t> pids_;
	std::vector<uint32_t> younger_;
};

} // namespace ebtop::proc
