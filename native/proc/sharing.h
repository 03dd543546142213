// SPDX-License-Identifier: GPL-2.0-only
// Whether somebody else may have moved the position of a descriptor. After a fork or a handover several descriptors are one
// open file description (open(2)), whose position does not tell who moved it.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "open-descriptors.h"
#include "process-table.h"

namespace ebtop::proc {

class Sharing {
public:
	Sharing(ProcessTable &processes, const PerProcess<OpenDescriptors> &open) : processes_(processes), open_(open) {}

	// A scan begins: processes may hold other things now.
	void begin() { is_known_ = false; }

	enum class Answer {
		alone,	// no other descriptor that could be compared is the same
		again,	// a lower descriptor of the same process is the same, and stands for both
		shared, // a descriptor of another process that may have used it since the last look is the same
	};
	// Of a descriptor with a position. It is compared with all that have the same file open, and by its number with
	// those of processes whose descriptors are not read: a child has what it inherited.
	Answer ask(const Process &process, const Descriptor &descriptor);

private:
	struct Holder {
		uint32_t pid;
		uint32_t fd;
		uint32_t flags;
	};

	void index();
	bool has_slept(uint32_t pid, const Process &process) const;
	bool is_with_stranger(const Process &process, const Descriptor &descriptor) const;

	ProcessTable &processes_;
	const PerProcess<OpenDescriptors> &open_;
	bool is_known_ = false;
	std::unordered_map<uint64_t, std::vector<Holder>> holders_; // by the file's inode
	std::vector<uint32_t> unread_, unwanted_;		    // pids of processes whose descriptors are not known
};

} // namespace ebtop::proc
