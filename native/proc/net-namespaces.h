// SPDX-License-Identifier: GPL-2.0-only
// The network namespaces that processes live in, each with a sock_diag socket while it is read. Such a socket stays in the
// namespace in which it was made.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "../network-visits.h"
#include "../owned-fd.h"
#include "process.h"

namespace ebtop::proc {

class NetNamespaces {
public:
	// `most`: see NetworkVisits.
	explicit NetNamespaces(uint32_t most);

	// Calls read(namespace, socket) for ebtop's own namespace and, in turns, for as many of the others that `processes`
	// live in as time allows; gone(namespace) for those in which none lives any more.
	void visit(const ProcessList &processes, const std::function<void(uint32_t, int)> &read,
		   const std::function<void(uint32_t)> &gone);

	uint32_t own() const { return own_; }
	// The thread that enters them.
	int visitor() const { return visitor_.tid(); }
	// Sentences about what could not be read and what waits; empty if there is nothing to say.
	std::string about() const;

private:
	bool open_own();

	const uint32_t own_;
	OwnedFd own_socket_;
	NetVisitor visitor_;
	NetworkVisits visits_;
	uint64_t visit_ = 0;
	int error_ = 0; // errno: why no socket could be opened
};

} // namespace ebtop::proc
