// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/socket-sweep.h"

#include "append-pass.h"
#include "ebtop.skel.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {
namespace {

// After this many passes, namespaces without sockets are read again too, so that no error lasts.
constexpr uint64_t passes_between_full = 32;

} // namespace

SocketSweep::SocketSweep(const ebtop_bpf &object, const SourceOptions &options, NetVisitor &visitor, OtherEnds &others,
			 ProbeHealth &health)
	: is_filtered_(object.rodata->only_wanted), pass_(object.progs.ebtop_tcps, visitor, options.networks), others_(others),
	  health_(health)
{
}

void SocketSweep::run(Batch &batch, const Networks &networks, bool has_losses)
{
	std::vector<wire_tcp> others;
	std::vector<wire_network> read;

	// With --pid and --comm connections of other processes begin without an event.
	if (has_losses || is_filtered_ || passes_++ % passes_between_full == 0)
		pass_.mark_all_active();
	append_pass(batch, WIRE_PASS_TCP, false);
	others_.sockets.begin_pass();
	pass_.run(
		networks,
		[&](const wire_tcp &tcp) {
			if (others_.sockets.on_pass(tcp))
				batch.append_raw(&tcp, tcp.head.size);
			else
				others.push_back(tcp);
		},
		[&](const wire_network &network) { read.push_back(network); });
	append_others(batch, others);
	for (const wire_network &network : read)
		batch.append_raw(&network, network.head.size);
	append_pass(batch, WIRE_PASS_TCP, true);
	health_.say("tcp", pass_.about());
}

// Appends those sockets of other processes that are the other end of a wanted one.
void SocketSweep::append_others(Batch &batch, std::vector<wire_tcp> &sockets)
{
	for (wire_tcp &tcp : sockets) {
		if (!others_.sockets.is_end_of_one(tcp))
			continue;
		others_.peers.watch(CHANNEL_TCP(tcp.sock), tcp.head.pid);
		tcp.flags |= WIRE_TCP_FOREIGN;
		batch.append_raw(&tcp, tcp.head.size);
	}
}

} // namespace ebtop::bpf
