// SPDX-License-Identifier: GPL-2.0-only
// Asking who used a semaphore last takes a system call each; a set may have 32,000, and there may be as many sets.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace ebtop {

// The most that are asked of one set.
constexpr uint32_t semaphores_asked_max = 64;

// Counts the semaphores that are skipped.
struct UnaskedSemaphores {
	uint64_t count = 0;

	// How many of a set of `all` to ask.
	uint32_t asked_of(uint64_t all)
	{
		uint32_t asked = uint32_t(std::min<uint64_t>(all, semaphores_asked_max));
		count += all - asked;
		return asked;
	}

	// A sentence, empty where none is skipped.
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
