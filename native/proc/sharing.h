// SPDX-License-Identifier: GPL-2.0-only
// Whether somebody else may have moved the position of a descriptor. After a fork, or once it was handed over, several
// descriptors are one open file description (open(2)), and its position says nothing about who moved it.
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

	// A scan begins: what processes hold may be otherwise now.
	void begin() { is_known_ = false; }

	enum class Answer {
		alone,	// no other descriptor that may be looked at is the same
		again,	// a lower descriptor of the same process is: what moves there moves here
		shared, // one of another process is that may have used it since the last look
	};
	// Of a descriptor with a position. It is compared with all that have the same file open, and by its number with those
	// of processes whose descriptors are not read, where a child has what it inherited.
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
	std::vector<uint32_t> unread_, unwanted_;		    // pids of those whose descriptors are not known
};

} // namespace ebtop::proc
