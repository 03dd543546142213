// SPDX-License-Identifier: GPL-2.0-only
// System calls that are events by themselves: which of them the programs look at.
#pragma once

#include "source.h"

struct ebtop_bpf;

namespace ebtop::bpf {

bool has_call_events(const SourceOptions &options);

// Before loading. A call that nobody asks about is in no class, so that it costs what it cost before.
void configure_event_calls(ebtop_bpf &object, const SourceOptions &options);

} // namespace ebtop::bpf
