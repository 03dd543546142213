// SPDX-License-Identifier: GPL-2.0-only
// Fair turns if a budget does not suffice for all: begins with the process that missed its turn the last time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "process.h"

namespace ebtop::proc {

// `processes` rotated so that the first one with a pid of at least `next_pid` comes first.
inline ProcessList in_turn(const ProcessList &processes, uint32_t next_pid)
{
	auto next = std::find_if(processes.begin(), processes.end(),
				 [next_pid](const Process *process) { return process->pid() >= next_pid; });
	ProcessList turn(next, processes.end());

	turn.insert(turn.end(), processes.begin(), next);
	return turn;
}

} // namespace ebtop::proc
