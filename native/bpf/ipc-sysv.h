// SPDX-License-Identifier: GPL-2.0-only
// System V queues and semaphores that are older than the session: who used them last is all that the kernel keeps.
#pragma once

#include <cstdint>
#include <map>

#include "batch.h"

namespace ebtop::bpf {

// Pid -> start time of the processes alive.
using Starts = std::map<uint32_t, uint64_t>;

// Appends a WIRE_OBJECT, held, for each last user that is alive. Of the own IPC namespace.
void append_sysv_users(Batch &batch, const Starts &starts);

} // namespace ebtop::bpf
