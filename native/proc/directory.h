// SPDX-License-Identifier: GPL-2.0-only
// The numbers that name entries of a directory: pids of /proc, descriptors of /proc/PID/fd.
#pragma once

#include <cstdint>
#include <vector>

namespace ebtop::proc {

// Replaces `numbers` by all entries that are numbers, in the kernel's order. `dir` is read from its beginning.
// False if it cannot be read (any more).
bool list_numbers(int dir, std::vector<uint32_t> &numbers);

} // namespace ebtop::proc
