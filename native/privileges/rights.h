// SPDX-License-Identifier: GPL-2.0-only
// Which rights this session works with, in its health: a WIRE_PROBE called "rights".
#pragma once

#include "../batch.h"
#include "../source.h"

namespace ebtop {

class Rights {
public:
	// What was said is true no more: they were given up.
	void forget() { is_said_ = false; }

	// Says once what this process kept of what `source` needs, and what is not seen for want of the rest.
	void append(Batch &batch, const Source &source);

private:
	bool is_said_ = false;
};

} // namespace ebtop
