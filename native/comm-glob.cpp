// SPDX-License-Identifier: GPL-2.0-only
#include "comm-glob.h"

namespace ebtop {

CommGlob::CommGlob(std::string_view pattern)
{
	unsigned position = 0;
	char before = 0;

	for (char c : pattern) {
		if (c == '*' && before == '*')
			continue; // the automaton takes one star at a time
		before = c;
		if (c == '*')
			stars |= 1u << position;
		else if (c != '?')
			match[uint8_t(c)] |= 1u << position;
		else
			for (uint32_t &positions : match)
				positions |= 1u << position;
		position++;
	}
	accept = 1u << position;
}

// The same steps as comm_matches() in bpf/lib/wanted.bpf.h.
bool CommGlob::matches(std::string_view comm) const
{
	uint32_t positions = 1;

	positions |= (positions & stars) << 1;
	for (char c : comm) {
		positions = (positions & match[uint8_t(c)]) << 1 | (positions & stars);
		positions |= (positions & stars) << 1;
	}
	return positions & accept;
}

} // namespace ebtop
