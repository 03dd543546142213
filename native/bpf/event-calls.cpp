// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/event-calls.h"

#include <bpf/libbpf.h>

#include "ebtop.skel.h"

extern "C" {
#include "call-class.h"
}

namespace ebtop::bpf {
namespace {

bool is_only_for_events(uint8_t call_class)
{
	return call_class >= CALL_STAT;
}

} // namespace

bool has_call_events(const SourceOptions &options)
{
	return options.events >> first_call_event;
}

void configure_event_calls(ebtop_bpf &object, const SourceOptions &options)
{
	auto &constants = *object.rodata;
	constants.wanted_events = options.events >> first_call_event << 1; // a bit for each enum wire_event
	for (int abi = 0; abi < 2; abi++)
		for (int nr = 0; nr < WIRE_CALL_NUMBERS; nr++) {
			const auto &call = constants.event_calls[abi][nr];
			uint32_t reported = 1u << call[EVENT_DOES] | 1u << call[EVENT_FAILS];
			auto &call_class = const_cast<uint8_t &>(constants.call_class[abi][nr]);
			if (is_only_for_events(call_class) && !(reported & constants.wanted_events))
				call_class = CALL_OTHER;
		}
	if (!has_call_events(options) && !(options.possible() & CONCERN_REFUSAL))
		bpf_map__set_max_entries(object.maps.call_event_scratches, 1);
}

} // namespace ebtop::bpf
