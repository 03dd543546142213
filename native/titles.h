// SPDX-License-Identifier: GPL-2.0-only
// Programs that overwrite their command line while they run (setproctitle: postgres, nginx, sshd). Only a process that ran
// can have done so. Its command line is read again, but not at once, not often, and only a few in each refresh.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "batch.h"

namespace ebtop {

class Titles {
public:
	// `proc_dir` still belongs to the caller. With `no_args` nothing is ever read.
	Titles(int proc_dir, bool no_args) : proc_(proc_dir), no_args_(no_args) {}

	// A command line was sent: `text` has at least its first WIRE_ARGS_CHUNK bytes.
	void on_args(const wire_head &head, std::string_view text);
	// The process ran since the last pass, or has just started this program.
	void on_awake(const wire_head &head);
	void on_exit(const wire_head &head) { titles_.erase(head.pid); }

	// Sends the command lines that differ from what was sent.
	void append(Batch &batch);

private:
	struct Title {
		uint64_t start = 0;
		uint64_t hash = 0;    // hash of what was sent; 0: the parent's, if any
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
