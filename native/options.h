// SPDX-License-Identifier: GPL-2.0-only
// SessionOptions of index.d.ts, checked.
#pragma once

#include <napi.h>

#include "source.h"

namespace ebtop {

// Throws SourceError EBTOP_USAGE where a value is not what index.d.ts says.
SourceOptions read_options(const Napi::Value &value);
// An array of their names; none where it is undefined. Throws the same.
unsigned read_concerns(const Napi::Value &value);

} // namespace ebtop
