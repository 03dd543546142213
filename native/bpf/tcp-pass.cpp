// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/tcp-pass.h"

#include "bpf/iterator.h"
#include "clock.h"
#include "own-namespace.h"
#include "../source.h"

namespace ebtop::bpf {
namespace {

wire_network network_record(uint32_t network, bool is_gone)
{
	wire_network record{};

	record.head.type = WIRE_NETWORK;
	record.head.size = sizeof(record);
	record.head.time = boot_ns();
	record.netns = network;
	record.is_gone = is_gone;
	return record;
}

} // namespace

TcpPass::TcpPass(bpf_program *program, NetVisitor &visitor, uint32_t most)
	: link_(bpf_program__attach_iter(program, nullptr)), own_network_(own_namespace("net")), visits_(visitor, most)
{
	if (!link_)
		throw SourceError("EBTOP_UNSUPPORTED", "The TCP iterator cannot be attached; run ebtop --probes to see why.");
}

TcpPass::~TcpPass()
{
	bpf_link__destroy(link_);
}

void TcpPass::run(const Networks &networks, const std::function<void(const wire_tcp &)> &each,
		  const std::function<void(const wire_network &)> &done)
{
	error_ = 0;
	for (uint32_t network : visits_.update(networks))
		done(network_record(network, true));
	read(own_network_, each, done);
	visits_.make([&](uint32_t network) { return read(network, each, done); });
}

void TcpPass::prepare(const Networks &networks)
{
	run(
		networks, [](const wire_tcp &) {}, [](const wire_network &) {});
	visits_.restart();
}

// An iterator belongs to the network namespace of the thread that makes it. True if there are sockets, or may be.
bool TcpPass::read(uint32_t network, const std::function<void(const wire_tcp &)> &each,
		   const std::function<void(const wire_network &)> &done)
{
	int error = run_iterator(link_, bytes_);

	for (size_t at = 0; at + sizeof(wire_tcp) <= bytes_.size(); at += sizeof(wire_tcp))
		each(*reinterpret_cast<const wire_tcp *>(bytes_.data() + at));
	if (error)
		error_ = error;
	else
		done(network_record(network, false));
	return error || !bytes_.empty();
}

std::string TcpPass::about() const
{
	return error_ ? about_networks(0, error_) : visits_.about();
}

} // namespace ebtop::bpf
