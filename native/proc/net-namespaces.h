// SPDX-License-Identifier: GPL-2.0-only
// A sock_diag socket in each network namespace that can be entered. Sockets stay in the namespace they were made in,
// so it is entered once, for as long as it takes to open one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "../net-visitor.h"
#include "process.h"

namespace ebtop::proc {

struct NetNamespace {
	uint32_t inode;
	int socket;
};

class NetNamespaces {
public:
	NetNamespaces();
	~NetNamespaces();
	NetNamespaces(const NetNamespaces &) = delete;
	NetNamespaces &operator=(const NetNamespaces &) = delete;

	// Opens those that `processes` live in and that were not met before, and lets go of those that nobody lives in:
	// an open socket would keep such a namespace alive.
	void update(const std::vector<Process *> &processes);
	std::vector<NetNamespace> all() const;
	// Namespaces that were met and may not be entered.
	size_t denied() const { return denied_.size(); }
	// Why others could not be entered at the last update, errno; they will be tried again.
	int error() const { return error_; }

private:
	int open_own();

	const uint32_t own_;
	NetVisitor visitor_;
	int error_ = 0;
	std::unordered_map<uint32_t, int> sockets_; // by inode
	std::unordered_set<uint32_t> denied_;
};

} // namespace ebtop::proc
