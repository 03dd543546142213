// SPDX-License-Identifier: GPL-2.0-only
// Programs that write another command line over their own while they run (setproctitle: postgres, nginx, sshd). Only one
// that had a CPU can have done so: it is read again, not at once, not often, and as many in one refresh as cost little.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "batch.h"

namespace ebtop {

class Titles {
public:
	// `proc_dir` stays the caller's; with `no_args` nothing is ever read.
	Titles(int proc_dir, bool no_args) : proc_(proc_dir), no_args_(no_args) {}

	// What was sent as its command line, from the beginning on: its first WIRE_ARGS_CHUNK bytes at least, if it has so
	// many.
	void on_args(const wire_head &head, std::string_view text);
	// It had a CPU since the last pass, or began to run this program.
	void on_awake(const wire_head &head);
	void on_exit(const wire_head &head) { titles_.erase(head.pid); }

	// Sends the command lines that are not what was sent.
	void append(Batch &batch);

private:
	struct Title {
		uint64_t start = 0;
		uint64_t hash = 0;    // of what was sent; 0: that of its parent, if any
		uint64_t read_ns = 0; // when that was
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
