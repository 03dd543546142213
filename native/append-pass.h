// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "batch.h"
#include "clock.h"

namespace ebtop {

// Appends the beginning or the end of a full pass. `process` is set if the pass covers only that process.
inline void append_pass(Batch &batch, wire_pass_kind kind, bool is_end, const wire_head &process = {})
{
	wire_pass record{};

	record.head = process;
	record.head.time = boot_ns();
	record.kind = kind;
	record.is_end = is_end;
	batch.append(WIRE_PASS, record);
}

} // namespace ebtop
