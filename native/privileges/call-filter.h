// SPDX-License-Identifier: GPL-2.0-only
// A seccomp filter: system calls that ebtop does not need once everything is attached fail from then on, in every thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ebtop {

// Installs the filter for good; sets no_new_privs, which the kernel requires. Returns a sentence that says what failed,
// empty on success. `command` is the only other process that ebtop may signal; 0: none.
std::string install_call_filter(uint32_t command);

// How many calls are always refused, and whether the filter is installed.
size_t refused_calls();
bool is_call_filter_on();

} // namespace ebtop
