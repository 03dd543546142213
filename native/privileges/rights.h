// SPDX-License-Identifier: GPL-2.0-only
// Reports the capabilities of a session in its health, as the WIRE_PROBE "rights".
#pragma once

#include "../batch.h"
#include "../source.h"

namespace ebtop {

class Rights {
public:
	// Capabilities were dropped: the last report is out of date.
	void forget() { is_said_ = false; }

	// Reports once which capabilities that `source` needs this process has kept, and what is not seen for lack of the
	// others.
	void append(Batch &batch, const Source &source);

private:
	bool is_said_ = false;
};

} // namespace ebtop
