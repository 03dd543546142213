// SPDX-License-Identifier: GPL-2.0-only
// With --pid or --comm: tracks processes that are peers of wanted ones.
#pragma once

#include "bpf/ipc-sysv.h"
#include "bpf/peers.h"
#include "bpf/wanted-sockets.h"

namespace ebtop::bpf {

struct OtherEnds {
	Peers peers;
	WantedSockets sockets;
	SysvPeers sysv;

	// Called with a record that will be appended to `batch` next.
	void on_object(Batch &batch, const wire_object &object)
	{
		peers.on_object(batch, object);
		sockets.on_object(object);
		sysv.on_object(object);
	}
};

} // namespace ebtop::bpf
