// SPDX-License-Identifier: GPL-2.0-only
// The kernel's active security modules (LSMs).
#pragma once

#include <string>

namespace ebtop::bpf {

// Their names, separated by commas, as securityfs lists them; empty if that cannot be read.
std::string security_modules();

} // namespace ebtop::bpf
