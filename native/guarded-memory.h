// SPDX-License-Identifier: GPL-2.0-only
// Keeps what this process has seen of others from users who may not see it themselves.
#pragma once

namespace ebtop {

// Where the process has capabilities, it dumps no core, and nobody without them can read its memory. Where it has none, its
// memory holds only what its user may see anyway; and if it were guarded, /proc/self would belong to root and ebtop could
// not read it.
void guard_memory();

} // namespace ebtop
