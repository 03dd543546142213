// SPDX-License-Identifier: GPL-2.0-only
// The state that a scan keeps for each process between refreshes. Each scan has its own, and only that scan writes to it.
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "process.h"

namespace ebtop::proc {

template <class State> class PerProcess {
public:
	// The state of a process; a new one if there is none yet or the pid was reused. Stays valid until the process is
	// gone.
	State &operator[](const Process &process)
	{
		if (process.place >= entries_.size())
			entries_.resize(process.place + 1);
		Entry &entry = entries_[process.place];
		if (entry.serial != process.serial)
			entry = Entry{process.serial, State{}};
		return entry.state;
	}

	// nullptr if there is none yet.
	const State *find(const Process &process) const
	{
		bool is_known = process.place < entries_.size() && entries_[process.place].serial == process.serial;
		return is_known ? &entries_[process.place].state : nullptr;
	}

	// Drops the states of the processes that had these places.
	void release(const std::vector<uint32_t> &places)
	{
		for (uint32_t place : places)
			if (place < entries_.size())
				entries_[place] = Entry{};
	}

private:
	struct Entry {
		uint64_t serial = 0; // 0: unused
		State state{};
	};

	std::deque<Entry> entries_; // by Process::place
};

// A file of a process that may not be read: it is tried again only after the next exec, which may change the user.
class Refusal {
public:
	void note(const Process &process, bool is_refused) { program_ = is_refused ? process.program : 0; }
	bool holds(const Process &process) const { return program_ == process.program; }

private:
	uint64_t program_ = 0;
};

} // namespace ebtop::proc
