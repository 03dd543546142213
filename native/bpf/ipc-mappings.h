// SPDX-License-Identifier: GPL-2.0-only
// A pass over all memory mappings (iter/task_vma): shared ones are sent through the ring. Forks inherit mappings without a
// system call, and munmap and exec end them, so a pass is made now and then, like the object pass.
#pragma once

#include <string>

#include "bpf/pace.h"

struct bpf_program;
struct bpf_link;

namespace ebtop::bpf {

class IpcMappings {
public:
	explicit IpcMappings(bpf_program *program);
	~IpcMappings();
	IpcMappings(const IpcMappings &) = delete;
	IpcMappings &operator=(const IpcMappings &) = delete;

	bool is_due() const;
	// Leaves the records in the ring. Returns 0, or errno if the pass was broken off.
	int run();

private:
	bpf_link *link_;
	std::string bytes_; // stays empty
	Pace pace_;
};

} // namespace ebtop::bpf
