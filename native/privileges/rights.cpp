// SPDX-License-Identifier: GPL-2.0-only
#include "rights.h"

#include <cstring>
#include <string>
#include <unistd.h>

#include "../clock.h"
#include "lock-down.h"
#include "needs.h"

namespace ebtop {

void Rights::append(Batch &batch, const Source &source)
{
	if (is_said_)
		return;
	is_said_ = true;
	Needs needs = needs_of(source.options(), geteuid() == 0);
	Privileges now = current_privileges();
	std::string kept, missing;
	for (const Need &need : all_needs()) {
		CapabilitySet one = capability(need.number);
		if (!((needs.everywhere | needs.visitor) & one))
			continue;
		if (now.somewhere & one)
			kept += (kept.empty() ? "" : ", ") + capability_name(need.number) +
				(now.everywhere & one ? "" : " in one thread");
		else
			missing += (missing.empty() ? "" : " ") + std::string(need.loss);
	}
	std::string text =
		missing + (missing.empty() ? "" : " ") + (kept.empty() ? "No capability is kept." : "Kept: " + kept + ".");
	wire_probe record{};
	record.head.time = boot_ns();
	strncpy(record.probe, "rights", sizeof(record.probe) - 1);
	strncpy(record.variant, now.has_call_filter ? "seccomp" : "", sizeof(record.variant) - 1);
	record.state = missing.empty() ? WIRE_PROBE_ON : WIRE_PROBE_FALLBACK;
	record.reason_len = text.size();
	batch.append(WIRE_PROBE, record, text);
}

} // namespace ebtop
