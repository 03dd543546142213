// SPDX-License-Identifier: GPL-2.0-only
// Keeps what this process has seen of others from whoever may not see it himself.
#pragma once

namespace ebtop {

// Where the process has capabilities, no core is dumped of it and nobody without them may read its memory. Where it has
// none, its memory holds only what its user may see; and /proc/self would belong to root, so it could not read itself.
void guard_memory();

} // namespace ebtop
