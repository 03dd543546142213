// SPDX-License-Identifier: GPL-2.0-only
// Reports in a session's health, as the WIRE_PROBE "rights", which rights it works with.
#pragma once

#include "../batch.h"
#include "../source.h"

namespace ebtop {

class Rights {
public:
	// The rights were given up: what was reported before no longer holds.
	void forget() { is_said_ = false; }

	// Reports once what this process kept of what `source` needs, and what is not seen for lack of the rest.
	void append(Batch &batch, const Source &source);

private:
	bool is_said_ = false;
};

} // namespace ebtop
