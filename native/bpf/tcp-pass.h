// SPDX-License-Identifier: GPL-2.0-only
// A pass over TCP sockets (iter/tcp): a WIRE_TCP for each socket in ebtop's own network namespace and, in turns, in as many
// of the others that have processes as time allows.
#pragma once

#include <functional>
#include <string>

#include "batch.h"
#include "network-visits.h"

struct bpf_program;
struct bpf_link;

namespace ebtop::bpf {

class TcpPass {
public:
	// `most`: see NetworkVisits.
	TcpPass(bpf_program *program, NetVisitor &visitor, uint32_t most);
	~TcpPass();
	TcpPass(const TcpPass &) = delete;
	TcpPass &operator=(const TcpPass &) = delete;

	// A socket changed in this namespace, or possibly in any.
	void mark_active(uint32_t network) { visits_.mark_active(network); }
	void mark_all_active() { visits_.mark_all_active(); }

	// Makes one pass without sending, then starts again from the beginning.
	void prepare(const Networks &networks);
	// Calls `each` for each socket, and `done` with a WIRE_NETWORK for each namespace that was read completely.
	void run(const Networks &networks, const std::function<void(const wire_tcp &)> &each,
		 const std::function<void(const wire_network &)> &done);

	// What was not read, in sentences; empty if there is nothing to say.
	std::string about() const;

private:
	bool read(uint32_t network, const std::function<void(const wire_tcp &)> &each,
		  const std::function<void(const wire_network &)> &done);

	bpf_link *link_;
	const uint32_t own_network_;
	NetworkVisits visits_;
	int error_ = 0; // errno that ended the last pass over one of them
	std::string bytes_;
};

} // namespace ebtop::bpf
