// SPDX-License-Identifier: GPL-2.0-only
// Following processes into daemons: user space's side of bpf/follow*.bpf.c.
#pragma once

#include "../source.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class TaskPass;

// Sets the sizes of the maps: as small as possible if nothing is followed.
void configure_follow(ebtop_bpf &object, const SourceOptions &options);

// Notes stdin, stdout and stderr of a followed process: a reader at their other end is not a daemon.
void note_inherited(uint32_t pid, const ebtop_bpf &object);

// Before it gets into a map: calls of other processes are not looked at.
void mark_process(uint32_t pid, const ebtop_bpf &object);

// In a session for all processes, after the programs were attached: follows the process and its descendants.
void start_following(uint32_t pid, const ebtop_bpf &object, TaskPass &tasks);

// Clears all state and counts of following.
void stop_following(const ebtop_bpf &object);

void append_follow_maps(Batch &batch, const ebtop_bpf &object);

} // namespace ebtop::bpf
