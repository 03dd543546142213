// SPDX-License-Identifier: GPL-2.0-only
// Programs that overwrite their command line while they run (setproctitle: postgres, nginx, sshd). Only a process that had a
// CPU can have done so. Its command line is read again, but not at once, not often, and in each refresh only as many as are
// cheap.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "batch.h"

namespace ebtop {

class Titles {
public:
	// `proc_dir` stays the caller's. With `no_args` nothing is ever read.
	Titles(int proc_dir, bool no_args) : proc_(proc_dir), no_args_(no_args) {}

	// The command line that was sent, from its beginning: at least its first WIRE_ARGS_CHUNK bytes, if it has so many.
	void on_args(const wire_head &head, std::string_view text);
	// The process had a CPU since the last pass, or began to run this program.
	void on_awake(const wire_head &head);
	void on_exit(const wire_head &head) { titles_.erase(head.pid); }

	// Sends the command lines that differ from what was sent.
	void append(Batch &batch);

private:
	struct Title {
		uint64_t start = 0;
		uint64_t hash = 0;    // of what was sent; 0: the parent's, if any
		uint64_t read_ns = 0; // when it was last read
		bool is_waiting = false;
	};

	Title &title_of(const wire_head &head);
	void read(Batch &batch, uint32_t pid, Title &title);

	const int proc_;
	const bool no_args_;
	std::unordered_map<uint32_t, Title> titles_; // by pid
	std::vector<uint32_t> waiting_;		     // to be read, in this order
	std::vector<uint32_t> left_;
};

} // namespace ebtop
