// SPDX-License-Identifier: GPL-2.0-only
// The socket of the kernel's proc connector.
#pragma once

#include <string>
#include <vector>

#include "../owned-fd.h"
#include "process-event.h"

namespace ebtop::proc {

class EventSocket {
public:
	EventSocket();

	// Why no events come, the end of a sentence; empty if they do.
	const std::string &why_not() const { return why_not_; }
	int get() const { return socket_.get(); }

	enum class Received { nothing, events, loss };
	// Appends the events of one datagram.
	Received receive(std::vector<ProcessEvent> &events);

private:
	bool open();

	OwnedFd socket_;
	std::string why_not_;
};

} // namespace ebtop::proc
