// SPDX-License-Identifier: GPL-2.0-only
// Which programs and tables the concerns need.
#pragma once

#include "source.h"

namespace ebtop::bpf {

// The row of a process shows its rates of reads and writes, so PROCESS needs the I/O counters too. Only panes that show
// objects need their names.
inline constexpr unsigned needs_calls = CONCERN_PROCESS | CONCERN_SYSCALL;
inline constexpr unsigned needs_io = CONCERN_PROCESS | CONCERN_FILE | CONCERN_IPC | CONCERN_TCP;
inline constexpr unsigned needs_objects = CONCERN_FILE | CONCERN_IPC | CONCERN_TCP;
inline constexpr uint64_t needs_requests = CONCERN_DISK | EVENT_DISK;

// Of a table that nothing needs.
inline constexpr uint32_t least_capacity = 64;

} // namespace ebtop::bpf
