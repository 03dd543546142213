// SPDX-License-Identifier: GPL-2.0-only
// Whether two records of a process have the same state.
#pragma once

#include <cstring>

#include <linux/types.h>

#include "../bpf/wire/wire.h"

namespace ebtop {

// Compares all but the header.
inline bool is_same_state(const wire_process &a, const wire_process &b)
{
	constexpr size_t at_body = sizeof(wire_head);
	auto body = [](const wire_process &record) { return reinterpret_cast<const char *>(&record) + at_body; };

	return a.head.pid == b.head.pid && a.head.start == b.head.start &&
	       memcmp(body(a), body(b), sizeof(wire_process) - at_body) == 0;
}

} // namespace ebtop
