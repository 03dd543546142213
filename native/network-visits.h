// SPDX-License-Identifier: GPL-2.0-only
// Reads other network namespaces, as many in one refresh as there is time for, in turns.
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
	// `most` in one refresh, however long they take; 0: as many as there is time for.
	NetworkVisits(NetVisitor &visitor, uint32_t most);

	// `networks` are all that somebody lives in; the own one is left out here. Returns those that nobody lives in any more.
	std::vector<uint32_t> update(Networks networks);
	// Something happened in it, or perhaps in all: a namespace without sockets is not read again before.
	void stir(uint32_t network) { turns_.stir(network); }
	void stir_all() { turns_.stir_all(); }
	// Calls read(network) inside of those that are due and were not read since `since`: at least of one, of all if they
	// take no more CPU than a twenty-fifth of the time since the last call. read says whether there are sockets.
	void make(const std::function<bool(uint32_t)> &read, uint64_t since = UINT64_MAX);

	// As if none was read yet.
	void restart();

	// What could not be read and what waits, in sentences; empty where that is nothing.
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
