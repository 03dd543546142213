// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/tcp-pass.h"

#include <fcntl.h>
#include <sched.h>
#include <thread>

#include "bpf/iterator.h"
#include "../own-namespace.h"
#include "../source.h"

namespace ebtop::bpf {
namespace {

// A host with more than these has its containers' connections in part only.
constexpr size_t namespaces_max = 256;

// An iterator is bound to the network namespace of the thread that makes it. The descriptor of the namespace is
// closed at once: an open one would keep a dead container's network alive.
int open_in(bpf_link *link, uint32_t pid)
{
	std::string path = "/proc/" + std::to_string(pid) + "/ns/net";
	int network = open(path.c_str(), O_RDONLY | O_CLOEXEC);
	if (network < 0)
		return -1;
	int iterator = setns(network, CLONE_NEWNET) == 0 ? bpf_iter_create(bpf_link__fd(link)) : -1;
	close(network);
	return iterator;
}

} // namespace

TcpPass::TcpPass(bpf_program *program) : link_(bpf_program__attach_iter(program, nullptr)), own_namespace_(own_namespace("net"))
{
	if (!link_)
		throw SourceError("EBTOP_UNSUPPORTED", "The TCP iterator cannot be attached; run ebtop --probes to see why.");
}

TcpPass::~TcpPass()
{
	bpf_link__destroy(link_);
}

bool TcpPass::run(const Namespaces &namespaces, const std::function<void(const wire_tcp &)> &each)
{
	bool is_whole = true;

	for (int iterator : open_iterators(namespaces)) {
		is_whole &= read_iterator(iterator, bytes_);
		for (size_t at = 0; at + sizeof(wire_tcp) <= bytes_.size(); at += sizeof(wire_tcp))
			each(*reinterpret_cast<const wire_tcp *>(bytes_.data() + at));
	}
	return is_whole;
}

std::vector<int> TcpPass::open_iterators(const Namespaces &namespaces)
{
	std::vector<int> iterators;
	std::vector<uint32_t> others;

	if (int own = bpf_iter_create(bpf_link__fd(link_)); own >= 0)
		iterators.push_back(own);
	for (auto [network, pid] : namespaces)
		if (network && network != own_namespace_ && others.size() < namespaces_max)
			others.push_back(pid);
	if (others.empty())
		return iterators;
	// A thread of its own, so that this one stays where it is.
	std::thread([&] {
		for (uint32_t pid : others)
			if (int iterator = open_in(link_, pid); iterator >= 0)
				iterators.push_back(iterator);
	}).join();
	return iterators;
}

} // namespace ebtop::bpf
