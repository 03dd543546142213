// SPDX-License-Identifier: GPL-2.0-only
// A seccomp filter: system calls that ebtop has no use for once everything is attached fail from then on, in every thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ebtop {

// Installs it, once, with no way back; sets no_new_privs, which the kernel asks for. What could not be done, in a sentence;
// empty: nothing. `command` is the one process beside itself that ebtop may send signals to, 0 for none.
std::string install_call_filter(uint32_t command);

// How many calls it refuses always, and whether it is installed.
size_t refused_calls();
bool is_call_filter_on();

} // namespace ebtop
