// SPDX-License-Identifier: GPL-2.0-only
// Following the wanted processes into daemons: what it needs of the BPF object.
#pragma once

#include "../source.h"

struct ebtop_bpf;

namespace ebtop::bpf {

// Sizes of the maps: of none where nothing is followed.
void configure_follow(ebtop_bpf &object, const SourceOptions &options);

// What the followed processes got from their callers as the usual three is no way to a daemon.
void seed_follow(const SourceOptions &options, const ebtop_bpf &object);

void append_follow_maps(Batch &batch, const ebtop_bpf &object);

} // namespace ebtop::bpf
