// SPDX-License-Identifier: GPL-2.0-only
// Capabilities of this process: those that a thread has, and dropping from all threads those that are no longer needed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <linux/capability.h>

namespace ebtop {

// A bit for each capability, as in /proc/PID/status.
using CapabilitySet = uint64_t;

constexpr CapabilitySet capability(int number)
{
	return CapabilitySet(1) << number;
}

// The capabilities of the calling thread.
CapabilitySet own_capabilities();

// Drops these from the calling thread alone. False if that is refused.
bool give_away_own(CapabilitySet set);

// "cap_sys_ptrace"; a number for a capability without a known name.
std::string capability_name(int number);

// Drops from every thread of this process all capabilities but `keep`, for good, including those that a program started by
// it could get. The thread `more_tid` also keeps `more`. Returns a sentence that says what failed, empty on success.
std::string drop_capabilities(CapabilitySet keep, int more_tid, CapabilitySet more);

} // namespace ebtop
