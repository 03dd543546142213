// SPDX-License-Identifier: GPL-2.0-only
// A pass over all tasks (iter/task): a WIRE_PROCESS for each process, with the CPU time of all its threads.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <unordered_map>

#include "batch.h"

struct bpf_program;
struct bpf_link;

namespace ebtop::bpf {

// Pid -> start time.
using Starts = std::map<uint32_t, uint64_t>;

class TaskPass {
public:
	explicit TaskPass(bpf_program *program);
	~TaskPass();
	TaskPass(const TaskPass &) = delete;
	TaskPass &operator=(const TaskPass &) = delete;

	// Calls `each` with a record for each process. Returns 0, or errno if the pass was broken off: then a process that
	// it did not report may still exist.
	int run(const std::function<void(const wire_process &)> &each);

private:
	bpf_link *link_;
	std::string bytes_;
	std::unordered_map<uint32_t, uint64_t> thread_ns_; // tgid -> CPU time of its threads except the leader
};

} // namespace ebtop::bpf
