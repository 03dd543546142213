// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/tcp-pass.h"

#include <cerrno>

#include "bpf/iterator.h"
#include "../own-namespace.h"
#include "../source.h"

namespace ebtop::bpf {
namespace {

// A host with more than these has its containers' connections in part only.
constexpr size_t namespaces_max = 256;

} // namespace

TcpPass::TcpPass(bpf_program *program, NetVisitor &visitor)
	: link_(bpf_program__attach_iter(program, nullptr)), visitor_(visitor), own_namespace_(own_namespace("net"))
{
	if (!link_)
		throw SourceError("EBTOP_UNSUPPORTED", "The TCP iterator cannot be attached; run ebtop --probes to see why.");
}

TcpPass::~TcpPass()
{
	bpf_link__destroy(link_);
}

NetVisitor::Outcome TcpPass::run(const Namespaces &namespaces, const std::function<void(const wire_tcp &)> &each)
{
	std::vector<int> iterators;
	NetVisitor::Outcome outcome = open_iterators(namespaces, iterators);

	for (int iterator : iterators) {
		if (int error = read_iterator(iterator, bytes_))
			outcome.error = error;
		for (size_t at = 0; at + sizeof(wire_tcp) <= bytes_.size(); at += sizeof(wire_tcp))
			each(*reinterpret_cast<const wire_tcp *>(bytes_.data() + at));
	}
	return outcome;
}

// An iterator is bound to the network namespace of the thread that makes it.
NetVisitor::Outcome TcpPass::open_iterators(const Namespaces &namespaces, std::vector<int> &iterators)
{
	std::vector<uint32_t> others;
	int error = 0;
	auto open_one = [&] {
		int iterator = bpf_iter_create(bpf_link__fd(link_));
		if (iterator >= 0)
			iterators.push_back(iterator);
		else
			error = errno;
	};

	open_one();
	for (auto [network, pid] : namespaces)
		if (network && network != own_namespace_ && others.size() < namespaces_max)
			others.push_back(pid);
	NetVisitor::Outcome outcome = visitor_.visit(others, [&](uint32_t) { open_one(); });
	if (error)
		outcome.error = error;
	return outcome;
}

} // namespace ebtop::bpf
