// SPDX-License-Identifier: GPL-2.0-only
// --pid and --comm at the start: puts the processes that exist into the kernel's map of wanted ones.
#pragma once

#include <cstdint>

#include "../source.h"

namespace ebtop::bpf {

class TaskPass;

// Throws EBTOP_USAGE for a pid that no process has.
void check_pids(const SourceOptions &options);

// Adds the pids, then whatever a pass over all tasks finds: names that match, and descendants. The fork probe must be
// attached. `admitted` is the kernel's count of those found.
void seed_wanted(const SourceOptions &options, int wanted_map, TaskPass &tasks, const __u64 &admitted);

} // namespace ebtop::bpf
