// SPDX-License-Identifier: GPL-2.0-only
// Executable and arguments of a running process, read from /proc.
#pragma once

#include <string_view>

#include "batch.h"

namespace ebtop {

// The text after the record.
inline std::string_view text_of(const wire_text &record)
{
	return {reinterpret_cast<const char *>(&record + 1), record.len};
}

// Appends a WIRE_EXE for the process that `head` names; nothing for a kernel thread, or if it may not be read.
void append_exe(Batch &batch, int proc_dir, const wire_head &head);

// Appends its command line as WIRE_ARGS; the program may have overwritten it.
void append_args(Batch &batch, int proc_dir, const wire_head &head);

// The same for a command line that was read already: in chunks, at most WIRE_ARGS_MAX bytes in all.
void append_args(Batch &batch, const wire_head &head, std::string_view text);

// Whether the pid still belongs to the process that started at that time. /proc has start times in ticks of 10 ms.
bool has_started_at(int proc_dir, uint32_t pid, uint64_t start);

} // namespace ebtop
