// SPDX-License-Identifier: GPL-2.0-only
// Whether another process may have moved the position of a descriptor. After a fork or a handover several descriptors refer
// to one open file description (open(2)), whose position does not show which process moved it.
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

	// A scan begins: processes may have other files open now.
	void begin() { is_known_ = false; }

	enum class Answer {
		alone,	// none of the other descriptors that could be compared is the same
		again,	// a lower descriptor of the same process is the same, and is counted for both
		shared, // a descriptor of another process, which may have used it since the last scan, is the same
	};
	// For a descriptor with a position. It is compared with all descriptors of the same file, and by its number with
	// those of processes whose descriptors are not read, since a child inherits the numbers.
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
