// SPDX-License-Identifier: GPL-2.0-only
// One pass over all threads (bpf/threads.bpf.c).
#pragma once

#include <string>

#include "batch.h"
#include "reported-threads.h"

struct bpf_program;
struct bpf_link;

namespace ebtop::bpf {

class ThreadPass {
public:
	// `proc_dir` still belongs to the caller.
	ThreadPass(bpf_program *program, int proc_dir);
	~ThreadPass();
	ThreadPass(const ThreadPass &) = delete;
	ThreadPass &operator=(const ThreadPass &) = delete;

	// Sends what changed. 0, or errno if the pass was broken off.
	int run(Batch &batch);
	// Threads are no longer wanted: sends all as gone.
	void report_gone(Batch &batch) { reported_.report_gone(batch); }

private:
	bpf_link *link_;
	ReportedThreads reported_;
	std::string bytes_;
};

} // namespace ebtop::bpf
