// SPDX-License-Identifier: GPL-2.0-only
// SessionOptions of index.d.ts, checked.
#pragma once

#include <napi.h>

#include "source.h"

namespace ebtop {

// Throws SourceError EBTOP_USAGE if a value is not as index.d.ts says.
SourceOptions read_options(const Napi::Value &value);
// From an array of names; none if it is undefined. Throws the same.
unsigned read_concerns(const Napi::Value &value);

} // namespace ebtop
