// SPDX-License-Identifier: GPL-2.0-only
// Which security modules (LSMs) the kernel runs.
#pragma once

#include <string>

namespace ebtop::bpf {

// Their names with commas between them, as securityfs lists them; empty where that cannot be read.
std::string security_modules();

} // namespace ebtop::bpf
