// SPDX-License-Identifier: GPL-2.0-only
// Every known process by its pid, each with a place of its own (see PerProcess).
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "process.h"

namespace ebtop::proc {

class ProcessStore {
public:
	Process *find(uint32_t pid);
	const Process *find(uint32_t pid) const { return const_cast<ProcessStore *>(this)->find(pid); }
	// A new one if it is not known.
	Process &obtain(uint32_t pid);
	// Another process has its pid now. The place stays.
	void renew(Process &process);
	// Drops those for which `is_over` returns true.
	template <class IsOver> void drop(IsOver is_over);
	// The places of the dropped processes, until they are forgotten.
	const std::vector<uint32_t> &released() const { return released_; }
	void forget_released() { released_.clear(); }

	template <class Each> void each(Each each)
	{
		for (auto &[pid, process] : processes_)
			each(process);
	}
	template <class Each> void each(Each each) const
	{
		for (const auto &[pid, process] : processes_)
			each(process);
	}

private:
	std::unordered_map<uint32_t, Process> processes_;
	uint64_t last_serial_ = 0;
	uint32_t places_ = 0; // allocated so far
	std::vector<uint32_t> free_places_, released_;
};

template <class IsOver> void ProcessStore::drop(IsOver is_over)
{
	auto before = std::ssize(released_);
	std::erase_if(processes_, [&](const auto &entry) {
		bool is_dropped = is_over(entry.second);
		if (is_dropped)
			released_.push_back(entry.second.place);
		return is_dropped;
	});
	free_places_.insert(free_places_.end(), released_.begin() + before, released_.end());
}

} // namespace ebtop::proc
