// SPDX-License-Identifier: GPL-2.0-only
// --pid and --comm at the start: puts the existing processes into the kernel's map of wanted ones.
#pragma once

#include <cstdint>
#include <string>

#include "batch.h"
#include "source.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class TaskPass;

// Throws EBTOP_USAGE if there is no such process; `option` names it in the message.
void check_pid(uint32_t pid, const std::string &option);
void check_pids(const SourceOptions &options);

void configure_wanted(ebtop_bpf &object, const SourceOptions &options);

// Adds the pids, then, by passes over all tasks, matching names and descendants. The fork probe must be attached.
void seed_wanted(const SourceOptions &options, const ebtop_bpf &object, TaskPass &tasks);

// How full the map of wanted processes is.
void append_wanted_map(Batch &batch, const ebtop_bpf &object);

} // namespace ebtop::bpf
