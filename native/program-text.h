// SPDX-License-Identifier: GPL-2.0-only
// Executable and arguments of a running process, read from /proc.
#pragma once

#include <string_view>

#include "batch.h"

namespace ebtop {

// Appends a WIRE_EXE for the process `head` names. Nothing for a kernel thread, or where it may not be read.
void append_exe(Batch &batch, int proc_dir, const wire_head &head);

// Appends its command line as WIRE_ARGS. What the program has overwritten since its start is what it wrote.
void append_args(Batch &batch, int proc_dir, const wire_head &head);

// The same for a command line that was read already: chunks, at most WIRE_ARGS_MAX bytes in all.
void append_args(Batch &batch, const wire_head &head, std::string_view text);

} // namespace ebtop
