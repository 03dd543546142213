// SPDX-License-Identifier: GPL-2.0-only
// System V queues and semaphores that are older than the session: the kernel only stores which process used each last.
#pragma once

#include <cstdint>
#include <functional>
#include <set>

#include "batch.h"
#include "bpf/peers.h"
#include "bpf/task-pass.h"
#include "semaphores.h"

namespace ebtop::bpf {

// Appends a WIRE_OBJECT (WIRE_HOW_HELD) for each last user that is in `alive`, in ebtop's own IPC namespace. `each` gets
// the record first.
SkippedSemaphores append_sysv_users(Batch &batch, const Starts &alive, const std::function<void(const wire_object &)> &each);

// With --pid or --comm: the other processes that share queues and semaphores with wanted ones. No descriptor shows them,
// but the kernel stores the last user of each object. Works in ebtop's own IPC namespace only.
class SysvPeers {
public:
	// Called with each object of a wanted process.
	void on_object(const wire_object &object);
	// Appends a record for each process that is known. New ones are known after the next pass over the processes.
	SkippedSemaphores append(Batch &batch, Peers &peers);

private:
	std::set<int> queues_, semaphores_;
};

} // namespace ebtop::bpf
