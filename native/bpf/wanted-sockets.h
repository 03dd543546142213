// SPDX-License-Identifier: GPL-2.0-only
// With --pid or --comm: which sockets belong to wanted processes. The kernel cannot tell at a change of state, which
// most often happens in nobody's context; but it only sends objects of wanted processes.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "batch.h"

namespace ebtop::bpf {

class WantedSockets {
public:
	explicit WantedSockets(bool is_everything) : is_everything_(is_everything) {}

	void on_object(const wire_object &object)
	{
		if (!is_everything_ && object.kind == WIRE_KIND_TCP)
			sockets_.insert(object.sock);
	}

	// True if the record is to be passed on.
	bool on_tcp(const wire_tcp &tcp)
	{
		constexpr uint8_t closed = 7;
		if (is_everything_)
			return true;
		if (tcp.head.pid)
			sockets_.insert(tcp.sock);
		bool is_wanted = sockets_.contains(tcp.sock);
		if (tcp.state == closed && tcp.how == WIRE_HOW_USED)
			sockets_.erase(tcp.sock);
		return is_wanted;
	}

private:
	const bool is_everything_;
	std::unordered_set<uint64_t> sockets_;
};

} // namespace ebtop::bpf
