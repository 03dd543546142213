// SPDX-License-Identifier: GPL-2.0-only
// Most of the time that loading takes is the kernel's verification, which libbpf asks for one program after the other. Here all
// CPUs take part.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <bpf/bpf.h>

#include "owned-fd.h"

namespace ebtop::bpf {

// During its lifetime libbpf's loads of programs on this thread return at once, with a descriptor that becomes the program's
// in finish(). Not with EBTOP_DEBUG: then libbpf must see a refusal to ask for the verifier's log.
class ParallelLoad {
public:
	// What it points to is libbpf's, and stays until its object is closed.
	struct Job {
		bpf_prog_type type;
		const char *name, *license;
		const bpf_insn *code;
		size_t count;
		bpf_prog_load_opts options;
		int place;	// the descriptor that libbpf got
		OwnedFd loaded; // or the error
		int error;
	};
	struct Refusal {
		std::string program;
		int error;
	};

	ParallelLoad();
	~ParallelLoad();
	ParallelLoad(const ParallelLoad &) = delete;
	ParallelLoad &operator=(const ParallelLoad &) = delete;

	// Waits for all. If libbpf's own load succeeded, the programs get their descriptors; otherwise it has closed these.
	// Returns what the kernel refused.
	std::vector<Refusal> finish(bool is_success);

	// The one of this thread, or null.
	static ParallelLoad *current();
	// Returns a descriptor or a negative error.
	int add(Job job);

private:
	void work();
	void wait();

	std::mutex mutex_;
	std::condition_variable changed_;
	std::deque<Job> jobs_;
	size_t begun_ = 0; // of these
	bool is_complete_ = false;
	std::vector<std::thread> workers_;
};

} // namespace ebtop::bpf
