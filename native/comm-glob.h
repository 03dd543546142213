// SPDX-License-Identifier: GPL-2.0-only
// A glob over process names, compiled to an automaton that BPF can run too: one bit for each position of the pattern.
#pragma once

#include <cstdint>
#include <string_view>

namespace ebtop {

struct CommGlob {
	// At most 31 bytes; `*` matches any number of bytes, `?` any one byte.
	explicit CommGlob(std::string_view pattern);
	bool matches(std::string_view comm) const;

	uint32_t match[256] = {}; // positions that accept this byte
	uint32_t stars = 0;	  // positions that are a `*`
	uint32_t accept = 0;	  // the position after the last
};

} // namespace ebtop
