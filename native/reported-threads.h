// SPDX-License-Identifier: GPL-2.0-only
// The threads that a pass found, whoever made it: adds what stands in the memory of programs and in /proc, and sends what is
// not as it was sent last.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "batch.h"
#include "futex-wait.h"

namespace ebtop {

class ReportedThreads {
public:
	// `proc_dir` stays the caller's.
	explicit ReportedThreads(int proc_dir) : proc_(proc_dir), futexes_(proc_dir) {}

	// One thread of the pass under way, those of one process in a row; its fields wait, other_… and wchan_len are filled
	// here.
	void add(const wire_thread &thread) { found_.push_back(thread); }
	// The same as it was at the last pass, but for what it waits for. False if it is not known.
	bool add_again(uint32_t tid, uint64_t pulse);
	void note_pulse(uint32_t tid, uint64_t pulse) { last_[tid].pulse = pulse; }
	// All were added. If the pass was broken off, nobody is taken for gone.
	void end_pass(Batch &batch, bool is_whole);
	// Nobody wants to know any more: sends all as gone.
	void leave(Batch &batch);

private:
	struct Last {
		wire_thread record{};
		std::string wchan;
		uint64_t pass = 0;
		uint64_t pulse = 0; // the caller's
	};

	void resolve(wire_thread &thread);
	std::string wchan_of(const wire_thread &thread) const;
	void report(Batch &batch, const wire_thread &thread);

	const int proc_;
	FutexReader futexes_;
	std::unordered_map<uint32_t, Last> last_; // by tid
	std::vector<wire_thread> found_;	  // in the pass under way
	// Tid of each thread that has another number in its own pid namespace, by process and that.
	std::unordered_map<uint64_t, uint32_t> tids_;
	std::unordered_map<uint32_t, uint32_t> pids_; // of threads, by tid
	uint64_t pass_ = 0;
};

} // namespace ebtop
