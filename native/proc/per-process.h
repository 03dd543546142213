// SPDX-License-Identifier: GPL-2.0-only
// What a scan keeps of each process from one refresh to the next. Each scan has its own, and nobody else writes to it.
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "process.h"

namespace ebtop::proc {

template <class State> class PerProcess {
public:
	// As it is on first sight where the process was not asked about yet, or its pid has another owner now. Stays valid
	// until the process is gone.
	State &operator[](const Process &process)
	{
		if (process.place >= entries_.size())
			entries_.resize(process.place + 1);
		Entry &entry = entries_[process.place];
		if (entry.serial != process.serial)
			entry = Entry{process.serial, State{}};
		return entry.state;
	}

	// nullptr where the process was not asked about yet.
	const State *find(const Process &process) const
	{
		bool is_known = process.place < entries_.size() && entries_[process.place].serial == process.serial;
		return is_known ? &entries_[process.place].state : nullptr;
	}

	// The processes at these places are gone.
	void release(const std::vector<uint32_t> &places)
	{
		for (uint32_t place : places)
			if (place < entries_.size())
				entries_[place] = Entry{};
	}

private:
	struct Entry {
		uint64_t serial = 0; // 0: nobody's
		State state{};
	};

	std::deque<Entry> entries_; // by Process::place
};

// That something of a process may not be read: it is not asked for again before it runs another program, perhaps as
// another user.
class Refusal {
public:
	void note(const Process &process, bool is_refused) { program_ = is_refused ? process.program : 0; }
	bool holds(const Process &process) const { return program_ == process.program; }

private:
	uint64_t program_ = 0;
};

} // namespace ebtop::proc
