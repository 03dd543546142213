// SPDX-License-Identifier: GPL-2.0-only
// The threads that a pass of either source found: adds data from the memory of programs and from /proc, and sends what
// differs from the last record.
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
	// `proc_dir` still belongs to the caller.
	explicit ReportedThreads(int proc_dir) : proc_(proc_dir), futexes_(proc_dir) {}

	// Adds a thread to the current pass, those of one process in a row; its fields wait, other_… and wchan_len are
	// filled in here.
	void add(const wire_thread &thread) { found_.push_back(thread); }
	// Adds a thread that has not changed since the last pass, except for what it waits for. False if it is not known.
	bool add_again(uint32_t tid, uint64_t pulse);
	void note_pulse(uint32_t tid, uint64_t pulse) { last_[tid].pulse = pulse; }
	// All were added. If the pass was broken off, no thread is taken for gone.
	void end_pass(Batch &batch, bool is_whole);
	// Threads are no longer wanted: sends all as gone.
	void report_gone(Batch &batch);

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
	std::vector<wire_thread> found_;	  // in the current pass
	// Tids of threads that have another number in their own pid namespace, by process and that number.
	std::unordered_map<uint64_t, uint32_t> tids_;
	std::unordered_map<uint32_t, uint32_t> pids_; // of threads, by tid
	uint64_t pass_ = 0;
};

} // namespace ebtop
