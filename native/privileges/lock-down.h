// SPDX-License-Identifier: GPL-2.0-only
// Least privilege: drops for good everything that a session does not need once everything is open and attached.
#pragma once

#include <string>
#include <vector>

#include "../source.h"
#include "capabilities.h"

namespace ebtop {

// Drops what `source` does not need. With nullptr (a replay) only reading files is needed. Returns sentences that say what
// failed, empty on success.
std::string lock_down(const Source *source);

// What this process has now, as /proc shows for its threads.
struct Privileges {
	CapabilitySet everywhere = 0; // that all threads have
	CapabilitySet somewhere = 0;  // that at least one has
	CapabilitySet bounding = 0;
	bool has_no_new_privileges = true;
	bool has_call_filter = true;
	size_t threads = 0;
};
Privileges current_privileges();

// Locks this process down as a session that measures everything would, and reports what remains. For a program that is about
// to end.
struct Trial {
	CapabilitySet before = 0;
	Privileges after;
	std::string problem;
};
Trial try_lock_down(bool is_proc);

} // namespace ebtop
