// SPDX-License-Identifier: GPL-2.0-only
// Which system calls the programs report as events.
#pragma once

#include "batch.h"
#include "source.h"

struct ebtop_bpf;

namespace ebtop::bpf {

bool has_call_events(const SourceOptions &options);

// Called before loading. A call that is not requested has no class, so it costs nothing extra.
void configure_event_calls(ebtop_bpf &object, const SourceOptions &options);

// Makes room in the ring for another one, if it is an open or a stat.
void on_event_read(const wire_call_event &record, const ebtop_bpf &object);
// A WIRE_MAP for each of these two, if it is wanted.
void append_event_maps(Batch &batch, const ebtop_bpf &object);

} // namespace ebtop::bpf
