// SPDX-License-Identifier: GPL-2.0-only
// A hash, to detect whether a text has changed without keeping it.
#pragma once

#include <cstdint>
#include <string_view>

namespace ebtop {

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ Continues from `hash`, the hash of the text before.
inline uint64_t hash_of(std::string_view text, uint64_t hash = 0xcbf29ce484222325)
{
	for (unsigned char c : text)
		hash = (hash ^ c) * 0x100000001b3;
	return hash;
}

} // namespace ebtop
