// SPDX-License-Identifier: GPL-2.0-only
// What the concerns need of the programs and of their tables.
#pragma once

#include "source.h"

namespace ebtop::bpf {

// A process's rates of reads and writes are in its row, so PROCESS needs the I/O as well; what the objects are called,
// only the panes that show them.
inline constexpr unsigned needs_calls = CONCERN_PROCESS | CONCERN_SYSCALL;
inline constexpr unsigned needs_io = CONCERN_PROCESS | CONCERN_FILE | CONCERN_IPC | CONCERN_TCP;
inline constexpr unsigned needs_objects = CONCERN_FILE | CONCERN_IPC | CONCERN_TCP;

} // namespace ebtop::bpf
