// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/comm-glob.h"

namespace ebtop::bpf {

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

} // namespace ebtop::bpf
