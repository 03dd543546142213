// SPDX-License-Identifier: GPL-2.0-only
// With --pid or --comm: which sockets belong to wanted processes. This cannot be told at a change of state, which mostly
// runs in the context of another process; but objects are sent for wanted processes only.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>

#include "batch.h"

namespace ebtop::bpf {

class WantedSockets {
public:
	explicit WantedSockets(bool is_everything) : is_everything_(is_everything) {}

	void on_object(const wire_object &object)
	{
		if (!is_everything_ && object.kind == WIRE_KIND_TCP && object.sock && !object.is_foreign)
			sockets_.insert(object.sock);
	}

	// True if the record is to be passed on.
	bool on_tcp(const wire_tcp &tcp)
	{
		if (is_everything_)
			return true;
		if (tcp.head.pid)
			sockets_.insert(tcp.sock);
		bool is_wanted = sockets_.contains(tcp.sock);
		if (tcp.state == WIRE_TCP_STATE_CLOSE && tcp.how == WIRE_HOW_USED)
			sockets_.erase(tcp.sock);
		return is_wanted;
	}

	// A pass over all sockets: `is_end_of_one` returns whether a socket is the other end of one that on_pass() found.
	void begin_pass() { far_ends_.clear(); }
	bool on_pass(const wire_tcp &tcp)
	{
		bool is_wanted = on_tcp(tcp);
		if (is_wanted && !is_everything_ && tcp.remote_port)
			far_ends_.insert(path_of(tcp.remote, tcp.remote_port, tcp.local, tcp.local_port));
		return is_wanted;
	}
	bool is_end_of_one(const wire_tcp &tcp) const
	{
		return tcp.state != WIRE_TCP_STATE_TIME_WAIT &&
		       far_ends_.contains(path_of(tcp.local, tcp.local_port, tcp.remote, tcp.remote_port));
	}

private:
	// Both addresses, the local one first. Without the namespace, since a veth pair joins two.
	static std::string path_of(const uint8_t (&local)[16], uint16_t local_port, const uint8_t (&remote)[16],
				   uint16_t remote_port)
	{
		uint16_t ports[2] = {local_port, remote_port};
		std::string path(reinterpret_cast<const char *>(ports), sizeof(ports));
		path.append(reinterpret_cast<const char *>(local), sizeof(local));
		path.append(reinterpret_cast<const char *>(remote), sizeof(remote));
		return path;
	}

	const bool is_everything_;
	std::unordered_set<uint64_t> sockets_; // by cookie
	std::unordered_set<std::string> far_ends_;
};

} // namespace ebtop::bpf
