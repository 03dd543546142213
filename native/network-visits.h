// SPDX-License-Identifier: GPL-2.0-only
// Reads other network namespaces in turns, as many in each refresh as time allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "net-visitor.h"
#include "network-turns.h"

namespace ebtop {

class NetworkVisits {
public:
	// Reads `most` namespaces in each refresh, however long they take; 0: as many as time allows.
	NetworkVisits(NetVisitor &visitor, uint32_t most);

	// `networks` are all in which processes live; ebtop's own is skipped here. Returns those in which none lives any
	// more.
	std::vector<uint32_t> update(Networks networks);
	// Something happened in this namespace, or perhaps in all: one without sockets is not read again before that.
	void mark_active(uint32_t network) { turns_.mark_active(network); }
	void mark_all_active() { turns_.mark_all_active(); }
	// Calls read(network) inside of those that are due and were not read since `since`: at least one, and as many as
	// fit into 4 % of the time since the last call. `read` returns whether there are sockets.
	void make(const std::function<bool(uint32_t)> &read, uint64_t since = UINT64_MAX);

	// Treats all as not read yet.
	void restart();

	// Sentences about what could not be read and what waits; empty if there is nothing to say.
	std::string about() const;

private:
	std::string about_backlog() const;

	NetVisitor &visitor_;
	const uint32_t own_, most_;
	NetworkTurns turns_;
	std::unordered_set<uint32_t> denied_;
	int error_ = 0;
	uint64_t last_ns_ = 0;
};

} // namespace ebtop
