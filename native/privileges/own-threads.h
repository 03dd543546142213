// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <vector>

#include "../owned-fd.h"

namespace ebtop {

// The directory of this process's threads. Not open if /proc cannot be read.
OwnedFd open_own_tasks();

// The threads of this process now; none if `tasks` is not open.
std::vector<uint32_t> own_threads(const OwnedFd &tasks);

} // namespace ebtop
