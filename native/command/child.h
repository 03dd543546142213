// SPDX-License-Identifier: GPL-2.0-only
// The command's process between fork and exec.
#pragma once

#include "command/plan.h"

namespace ebtop {

// Waits for a byte in the pipe `word`, then becomes the command. If exec fails its errno goes to the pipe `problem`.
[[noreturn]] void become_command(const CommandPlan &plan, int word, int problem);

} // namespace ebtop
