// SPDX-License-Identifier: GPL-2.0-only
// Following processes into daemons: what it needs of the BPF object.
#pragma once

#include "../source.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class TaskPass;

// Sizes of the maps: of none where nothing is followed.
void configure_follow(ebtop_bpf &object, const SourceOptions &options);

// What a followed process got from its caller as the usual three is no way to a daemon.
void note_inherited(uint32_t pid, const ebtop_bpf &object);

// In a session for all processes, where the programs are attached: the process and its descendants.
void start_following(uint32_t pid, const ebtop_bpf &object, TaskPass &tasks);

// Forgets all of it and its counts.
void stop_following(const ebtop_bpf &object);

void append_follow_maps(Batch &batch, const ebtop_bpf &object);

} // namespace ebtop::bpf
