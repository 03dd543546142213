// SPDX-License-Identifier: GPL-2.0-only
// The capabilities that a session still needs once it has started, and what is not seen without each.
#pragma once

#include <span>

#include "../source.h"
#include "capabilities.h"

namespace ebtop {

struct Need {
	int number;
	const char *purpose;
	const char *loss; // what is not seen without it, a sentence
};

// All that any session may need, for reports.
std::span<const Need> all_needs();

// What this session needs: in all threads, and in the one that visits network namespaces. `is_root`: it owns files of root.
struct Needs {
	CapabilitySet everywhere = 0, visitor = 0;
};
Needs needs_of(const SourceOptions &options, bool is_root);

} // namespace ebtop
