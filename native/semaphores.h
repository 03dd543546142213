// SPDX-License-Identifier: GPL-2.0-only
// Reading the last user of a semaphore takes a system call; a set may have 32,000 semaphores, and there may be as many
// sets.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace ebtop {

// At most this many are read of one set.
constexpr uint32_t semaphores_read_max = 64;

// Counts the semaphores that are skipped.
struct SkippedSemaphores {
	uint64_t count = 0;

	// How many to read in a set of `all`.
	uint32_t read_count_of(uint64_t all)
	{
		uint32_t asked = uint32_t(std::min<uint64_t>(all, semaphores_read_max));
		count += all - asked;
		return asked;
	}

	// A sentence; empty if none is skipped.
	std::string about() const
	{
		if (!count)
			return {};
		return std::to_string(count) + " System V semaphores were not read for their last user: only the first " +
		       std::to_string(semaphores_read_max) + " of each set are.";
	}
};

} // namespace ebtop
