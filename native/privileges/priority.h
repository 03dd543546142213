// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace ebtop {

// Gives ebtop three times the share of a usual program, so that keys and records do not wait for a flood of processes, of
// which each has a share. Leaves what the user has chosen. Without CAP_SYS_NICE everything stays as it is.
void raise_priority();

} // namespace ebtop
