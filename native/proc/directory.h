// SPDX-License-Identifier: GPL-2.0-only
// Directory entries that are numbers: pids in /proc, descriptors in /proc/PID/fd.
#pragma once

#include <cstdint>
#include <vector>

namespace ebtop::proc {

// Replaces `numbers` by all entries that are numbers, in the kernel's order. Reads `dir` from a position, by default from
// the beginning. False if it cannot be read (any more).
bool list_numbers(int dir, std::vector<uint32_t> &numbers, uint64_t from = 0);

} // namespace ebtop::proc
