// SPDX-License-Identifier: GPL-2.0-only
// System V queues and semaphores that are older than the session: who used them last is all that the kernel keeps.
#pragma once

#include <cstdint>
#include <functional>
#include <set>

#include "batch.h"
#include "bpf/peers.h"
#include "bpf/task-pass.h"
#include "semaphores.h"

namespace ebtop::bpf {

// Appends a WIRE_OBJECT, held, for each last user that is one of `alive`. Of the own IPC namespace.
// `each` gets it first.
UnaskedSemaphores append_sysv_users(Batch &batch, const Starts &alive, const std::function<void(const wire_object &)> &each);

// The others that share queues and semaphores with wanted processes: no descriptor shows them, but the kernel
// remembers who used each object last. In ebtop's own namespace only.
class SysvPeers {
public:
	// Of a wanted process.
	void on_object(const wire_object &object);
	// A record for each that is known; who is new is known from the next pass over the processes on.
	UnaskedSemaphores append(Batch &batch, Peers &peers);

private:
	std::set<int> queues_, semaphores_;
};

} // namespace ebtop::bpf
