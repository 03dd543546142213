// SPDX-License-Identifier: GPL-2.0-only
// Protects what this process has seen from users who may not see it themselves.
#pragma once

namespace ebtop {

// If the process has capabilities, it dumps no core, and its memory can only be read with the same capabilities. If it has
// none, its memory holds only what its user may see anyway; and if it were protected, /proc/self would belong to root and
// ebtop could not read it.
void guard_memory();

} // namespace ebtop
