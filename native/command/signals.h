// SPDX-License-Identifier: GPL-2.0-only
// Signals that others send to ebtop alone are meant for the command. Those of the terminal reach it anyway: it is in ebtop's
// process group.
#pragma once

#include <sys/types.h>

namespace ebtop {

// The pid of the command while it can be signalled, else 0.
pid_t command_pid();
void set_command_pid(pid_t pid);
// From now on signals are passed on to it.
void pass_signals_on();

} // namespace ebtop
