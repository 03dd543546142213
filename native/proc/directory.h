// SPDX-License-Identifier: GPL-2.0-only
// The numbers that name entries of a directory: pids of /proc, descriptors of /proc/PID/fd.
#pragma once

#include <cstdint>
#include <vector>

namespace ebtop::proc {

// Replaces `numbers` by all entries that are numbers, in the kernel's order. `dir` is read from a position on, which is
// its beginning by default. False if it cannot be read (any more).
bool list_numbers(int dir, std::vector<uint32_t> &numbers, uint64_t from = 0);

} // namespace ebtop::proc
