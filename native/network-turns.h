// SPDX-License-Identifier: GPL-2.0-only
// Decides which network namespaces are read next, if a refresh has no time for all: reading one costs a walk over all
// sockets of the machine, and any user may create namespaces. Users take turns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace ebtop {

// A process in a network namespace; of several, the one whose user has the lowest id.
struct Inhabitant {
	uint32_t pid;
	uint32_t holder; // see wire_process
};
using Networks = std::map<uint32_t, Inhabitant>; // by the number of the namespace

// Notes that a process lives in `network`.
void add_inhabitant(Networks &networks, uint32_t network, const Inhabitant &inhabitant);

class NetworkTurns {
public:
	struct Turn {
		uint32_t network;
		uint32_t pid;
	};

	// Sets the namespaces in which processes live. Returns those in which none lives any more.
	std::vector<uint32_t> update(const Networks &networks);
	// Something happened in this namespace, or perhaps in all: one without sockets is not read again before that.
	void mark_active(uint32_t network);
	void mark_all_active();
	// The namespaces to read, in order, without those read since `since`.
	std::vector<Turn> due(uint64_t since = UINT64_MAX) const;
	void on_read(uint32_t network, bool has_sockets, uint64_t now);

	size_t count() const { return spaces_.size(); }
	// How many were due since the last update() and were not read.
	struct Backlog {
		size_t waiting = 0;
		uint64_t oldest_ns = 0; // how long ago the most overdue one was last read
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
	uint64_t turn_ = 0; // counts calls of update()
};

} // namespace ebtop
