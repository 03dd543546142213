// SPDX-License-Identifier: GPL-2.0-only
// Which system calls the programs report as events.
#pragma once

#include "source.h"

struct ebtop_bpf;

namespace ebtop::bpf {

bool has_call_events(const SourceOptions &options);

// Called before loading. A call that is not requested has no class, so it costs nothing extra.
void configure_event_calls(ebtop_bpf &object, const SourceOptions &options);

} // namespace ebtop::bpf
