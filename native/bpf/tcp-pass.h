// SPDX-License-Identifier: GPL-2.0-only
// One pass over all TCP sockets (iter/tcp): a WIRE_TCP for each, in every network namespace that has processes.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "batch.h"

struct bpf_program;
struct bpf_link;

namespace ebtop::bpf {

// Network namespace -> a process that lives in it.
using Namespaces = std::map<uint32_t, uint32_t>;

class TcpPass {
public:
	explicit TcpPass(bpf_program *program);
	~TcpPass();
	TcpPass(const TcpPass &) = delete;
	TcpPass &operator=(const TcpPass &) = delete;

	// Calls `each` for each socket. False if the kernel broke the pass off: what it did not name may still be there.
	bool run(const Namespaces &namespaces, const std::function<void(const wire_tcp &)> &each);

private:
	std::vector<int> open_iterators(const Namespaces &namespaces);

	bpf_link *link_;
	uint32_t own_namespace_;
	std::string bytes_;
};

} // namespace ebtop::bpf
