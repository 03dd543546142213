// SPDX-License-Identifier: GPL-2.0-only
// Reads the files of one process in /proc. Those that are read in each pass stay open: finding a file by its path is a third
// of the cost of reading it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "../owned-fd.h"
#include "process.h"
#include "user-namespaces.h"

namespace ebtop::proc {

class ProcessReader {
public:
	ProcessReader();

	int proc_dir() const { return proc_.get(); }
	// The text of /proc/PID/stat in `buffer`; empty if it cannot be read: see errno. `known`: the process that had the
	// pid in the last pass, or nullptr.
	std::string_view read_stat(uint32_t pid, Process *known, char *buffer, size_t size);
	// Sets `pulse`. Called before stat is read, so that what it does in between shows in the next pass.
	bool read_pulse(Process &process);
	// User, group, seccomp.
	void read_owner(Process &process);
	void read_namespaces(Process &process);

	// Whether a descriptor of this program is one of the files that stay open.
	bool keeps_open(uint32_t fd) const { return fd < kept_.size() && kept_[fd]; }
	// After each pass: recounts the files that stay open.
	void begin_count();
	void count(const Process &process);

private:
	bool may_keep_open() const { return open_ < max_open_; }
	void find_holder(Process &process);

	const OwnedFd proc_;
	const size_t max_open_;
	const bool has_schedstat_;
	size_t open_ = 0;	 // files kept open after the last pass and since
	std::vector<bool> kept_; // which descriptors they are
	UserNamespaces user_namespaces_;
};

} // namespace ebtop::proc
