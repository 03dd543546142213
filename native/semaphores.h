// SPDX-License-Identifier: GPL-2.0-only
// Who used a semaphore last is asked by a system call for each; a set may have 32,000, and there may be as many sets.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace ebtop {

// Of one set.
constexpr uint32_t semaphores_asked_max = 64;

// Counts those that are left out.
struct UnaskedSemaphores {
	uint64_t count = 0;

	// How many of a set of `all` to ask.
	uint32_t asked_of(uint64_t all)
	{
		uint32_t asked = uint32_t(std::min<uint64_t>(all, semaphores_asked_max));
		count += all - asked;
		return asked;
	}

	// A sentence, empty where none is left out.
	std::string about() const
	{
		if (!count)
			return {};
		return std::to_string(count) +
		       " System V semaphores were not asked who used them last: of each set the first " +
		       std::to_string(semaphores_asked_max) + " are.";
	}
};

} // namespace ebtop
