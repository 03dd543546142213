// SPDX-License-Identifier: GPL-2.0-only
// Least privilege: what a session has no use for once everything is open and attached is given up, for good.
#pragma once

#include <string>
#include <vector>

#include "../source.h"
#include "capabilities.h"

namespace ebtop {

// What `source` does not need. With nullptr (a recording is played) nothing is needed but to read files.
// What could not be done, in sentences; empty: nothing.
std::string lock_down(const Source *source);

// What this process has now, by what /proc says of its threads.
struct Privileges {
	CapabilitySet everywhere = 0; // that all threads have
	CapabilitySet somewhere = 0;  // that one of them has
	CapabilitySet bounding = 0;
	bool has_no_new_privileges = true;
	bool has_call_filter = true;
	size_t threads = 0;
};
Privileges current_privileges();

// Does with this process as a session would that measures everything, and says what remains. For a program that is about to
// end.
struct Trial {
	CapabilitySet before = 0;
	Privileges after;
	std::string problem;
};
Trial try_lock_down(bool is_proc);

} // namespace ebtop
