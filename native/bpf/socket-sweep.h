// SPDX-License-Identifier: GPL-2.0-only
// Reads all TCP sockets in each refresh: see TcpPass.
#pragma once

#include <cstdint>
#include <vector>

#include "bpf/other-ends.h"
#include "bpf/probe-health.h"
#include "bpf/tcp-pass.h"
#include "source.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class SocketSweep {
public:
	SocketSweep(const ebtop_bpf &object, const SourceOptions &options, NetVisitor &visitor, OtherEnds &others,
		    ProbeHealth &health);

	// A socket in this namespace changed its state.
	void mark_active(uint32_t network) { pass_.mark_active(network); }
	// Called before the first pass over descriptors, so that sockets older than the session have a cookie there.
	void prepare(const Networks &networks) { pass_.prepare(networks); }
	// Sends a WIRE_PASS over the sockets of these namespaces.
	void run(Batch &batch, const Networks &networks, bool has_losses);

private:
	void append_others(Batch &batch, std::vector<wire_tcp> &sockets);

	const bool is_filtered_; // --pid or --comm
	TcpPass pass_;
	OtherEnds &others_;
	ProbeHealth &health_;
	uint64_t passes_ = 0;
};

} // namespace ebtop::bpf
