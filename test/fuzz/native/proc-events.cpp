// SPDX-License-Identifier: GPL-2.0-only
// Messages of the proc connector.
#include <cassert>
#include <linux/cn_proc.h>
#include <linux/connector.h>

#include "proc/process-event.h"
#include "targets.h"

void fuzz_proc_events(const uint8_t *data, size_t size)
{
	using Type = ebtop::proc::ProcessEvent::Type;

	if (auto event = ebtop::proc::parse_event(data, size)) {
		assert(size >= sizeof(cn_msg) + offsetof(proc_event, event_data));
		assert(event->type == Type::fork || event->parent == 0);
		assert(event->type == Type::exit || event->exit_code == 0);
	}
}
