// SPDX-License-Identifier: GPL-2.0-only
// Which network namespaces are read next, where a refresh has no time for all: to read one costs a walk over all sockets
// of the machine, and anybody may make namespaces. Each user's take turns with those of the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace ebtop {

// Somebody who lives in a network namespace: of several the one whose user has the lowest id.
struct Inhabitant {
	uint32_t pid;
	uint32_t holder; // see wire_process
};
using Networks = std::map<uint32_t, Inhabitant>; // by the number of the namespace

// Adds that a process lives in `network`.
void add_inhabitant(Networks &networks, uint32_t network, const Inhabitant &inhabitant);

class NetworkTurns {
public:
	struct Turn {
		uint32_t network;
		uint32_t pid;
	};

	// These are all that somebody lives in. Returns those that nobody lives in any more.
	std::vector<uint32_t> update(const Networks &networks);
	// Something happened in it, or perhaps in all: a namespace without sockets is not read again before.
	void stir(uint32_t network);
	void stir_all();
	// Those that are to be read, in the order in which they are; none that was read since `since`.
	std::vector<Turn> due(uint64_t since = UINT64_MAX) const;
	void on_read(uint32_t network, bool has_sockets, uint64_t now);

	size_t count() const { return spaces_.size(); }
	// Those that were due since the last update() and were not read.
	struct Backlog {
		size_t waiting = 0;
		uint64_t oldest_ns = 0; // how long ago one of them was read last
	};
	Backlog backlog(uint64_t now) const;

private:
	struct Space {
		Inhabitant inhabitant;
		uint64_t read_ns = 0;
		uint64_t read_turn = 0;
		bool is_quiet = false;
	};

	std::map<uint32_t, Space> spaces_;
	uint64_t turn_ = 0; // counts update()
};

} // namespace ebtop
