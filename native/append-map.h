// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstring>

#include "batch.h"
#include "clock.h"

namespace ebtop {

// Reports how full a bounded table is. `overflow` counts entries that found no room since the start.
inline void append_map(Batch &batch, const char *name, uint64_t used, uint64_t capacity, uint64_t overflow)
{
	wire_map record{};

	strncpy(record.map, name, sizeof(record.map) - 1);
	record.head.time = boot_ns();
	record.used = used;
	record.capacity = capacity;
	record.overflow = overflow;
	batch.append(WIRE_MAP, record);
}

} // namespace ebtop
