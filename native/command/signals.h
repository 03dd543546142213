// SPDX-License-Identifier: GPL-2.0-only
// Signals that other processes send only to ebtop are meant for the command. Those of the terminal reach it anyway, since
// it is in ebtop's process group.
#pragma once

#include <sys/types.h>

namespace ebtop {

// The pid of the command while it can be signalled, else 0.
pid_t command_pid();
void set_command_pid(pid_t pid);
// Passes signals on to it from now on.
void pass_signals_on();

} // namespace ebtop
