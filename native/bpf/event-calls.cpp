// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/event-calls.h"

#include <bpf/libbpf.h>

#include "append-map.h"
#include "bpf/mapped-array.h"
#include "ebtop.skel.h"

extern "C" {
#include "call-class.h"
#include "tables.h"
}

namespace ebtop::bpf {
namespace {

// Of the ring.
constexpr uint32_t part_for_bulk = 32;

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
	constants.event_share = options.ring_bytes / part_for_bulk;
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

void on_event_read(const wire_call_event &record, const ebtop_bpf &object)
{
	if (IS_BULK_EVENT(record.event))
		__atomic_fetch_sub(&object.bss->bulk_bytes[BULK_EVENT(record.event)], record.head.size, __ATOMIC_RELAXED);
}

void append_event_maps(Batch &batch, const ebtop_bpf &object)
{
	static constexpr struct {
		wire_event event;
		const char *name;
	} bulks[] = {{WIRE_EVENT_OPEN, "open-events"}, {WIRE_EVENT_STAT, "stat-events"}};

	for (auto [event, name] : bulks) {
		int which = BULK_EVENT(event);
		if (object.rodata->wanted_events >> event & 1)
			append_map(batch, name, load(object.bss->bulk_bytes[which]), object.rodata->event_share,
				   load(object.bss->bulk_more[which]));
	}
}

} // namespace ebtop::bpf
