// SPDX-License-Identifier: GPL-2.0-only
// Opens a source before JavaScript knows the options, on a thread of its own: while Node compiles the program, the kernel
// verifies what most starts need.
#pragma once

#include <memory>

#include "source.h"

namespace ebtop {

// Begins to open a source, unless that has begun.
void open_early(const SourceOptions &options);

// The source of open_early() if it has these options, or its SourceError; null: it has others, or there is none. Waits for it.
std::unique_ptr<Source> take_early(const SourceOptions &options);

} // namespace ebtop
