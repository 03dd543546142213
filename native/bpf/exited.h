// SPDX-License-Identifier: GPL-2.0-only
// Dead processes: their slots are freed once their last values were read.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <utility>

namespace ebtop::bpf {

class ExitedProcesses {
public:
	using Process = std::pair<uint32_t, uint64_t>; // pid, start

	// An exit record arrived.
	void insert(const Process &process)
	{
		exited_.insert(process);
		maybe_[process.first / 64 % maybe_.size()] |= 1ull << process.first % 64;
	}
	// Exit records were lost: a process that began before `since` and is not in `alive`, the result of a later full
	// pass, is gone too.
	void release_except(std::set<Process> alive, uint64_t since)
	{
		alive_ = std::move(alive);
		since_ = since;
	}
	bool empty() const { return exited_.empty() && !since_; }
	bool contains(uint32_t pid, uint64_t start) const
	{
		// Most slots belong to living processes: one bit per pid modulo 65536 answers without a search.
		if (maybe_[pid / 64 % maybe_.size()] >> pid % 64 & 1 && exited_.contains({pid, start}))
			return true;
		return start < since_ && !alive_.contains({pid, start});
	}
	void clear()
	{
		exited_.clear();
		alive_.clear();
		since_ = 0;
		maybe_.fill(0);
	}

private:
	std::set<Process> exited_, alive_;
	uint64_t since_ = 0;
	std::array<uint64_t, 1024> maybe_{};
};

} // namespace ebtop::bpf
