// SPDX-License-Identifier: GPL-2.0-only
// One pass over all TCP sockets (iter/tcp): a WIRE_TCP for each, in every network namespace that has processes.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "batch.h"
#include "net-visitor.h"

struct bpf_program;
struct bpf_link;

namespace ebtop::bpf {

// Network namespace -> a process that lives in it.
using Namespaces = std::map<uint32_t, uint32_t>;

class TcpPass {
public:
	TcpPass(bpf_program *program, NetVisitor &visitor);
	~TcpPass();
	TcpPass(const TcpPass &) = delete;
	TcpPass &operator=(const TcpPass &) = delete;

	// Calls `each` for each socket. `error` of the outcome: what the pass did not name may still be there.
	NetVisitor::Outcome run(const Namespaces &namespaces, const std::function<void(const wire_tcp &)> &each);

private:
	NetVisitor::Outcome open_iterators(const Namespaces &namespaces, std::vector<int> &iterators);

	bpf_link *link_;
	NetVisitor &visitor_;
	uint32_t own_namespace_;
	std::string bytes_;
};

} // namespace ebtop::bpf
