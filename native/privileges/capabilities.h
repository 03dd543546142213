// SPDX-License-Identifier: GPL-2.0-only
// Capabilities of this process: what a thread has, and taking away from all threads what none needs any more.
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

// What the calling thread may use.
CapabilitySet own_capabilities();

// Takes these from the calling thread alone. False if that is refused.
bool give_away_own(CapabilitySet set);

// "cap_sys_ptrace"; a number for one that this does not know.
std::string capability_name(int number);

// Takes from every thread of this process all capabilities but `keep`, for good: also those that a program which it starts
// could get. The thread `more_tid` keeps `more` besides. What could not be done, in a sentence; empty: nothing.
std::string drop_capabilities(CapabilitySet keep, int more_tid, CapabilitySet more);

} // namespace ebtop
