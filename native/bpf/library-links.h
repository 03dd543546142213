// SPDX-License-Identifier: GPL-2.0-only
// Attaches programs to the functions of C libraries that look up host names.
#pragma once

#include <string>
#include <vector>

#include "object.h"

struct bpf_link;

namespace ebtop::bpf {

// C libraries that are watched at most.
inline constexpr size_t most_libraries = 64;

// Links to all C libraries that processes map now; `about` becomes a sentence about which these are.
std::vector<bpf_link *> attach_to_libraries(const Object &object, std::string &about);

} // namespace ebtop::bpf
