// SPDX-License-Identifier: GPL-2.0-only
// The C libraries that processes map: glibc's and musl's, also those of containers.
#pragma once

#include <map>
#include <set>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "owned-fd.h"

namespace ebtop {

class CLibraries {
public:
	using File = std::pair<std::string, std::string>; // device and inode, as in /proc/PID/maps
	struct Found {
		File file;
		OwnedFd opened; // for reading
	};
	enum class Look { gone, none, some };

	// At most `most` are known at once.
	explicit CLibraries(size_t most);

	std::vector<uint32_t> processes() const;
	// Looks for C libraries that the process maps, and appends those that are new. Says whether it maps any.
	Look look_at(uint32_t pid, std::vector<Found> &found);
	// Whether the process in which some library was found does not map it any more: then another one may do so.
	bool has_unseen();
	// After all processes were looked at: forgets the libraries that none maps.
	std::vector<File> forget_unseen();

	size_t refused() const { return refused_.size(); } // another user could change them or make reading hang
	size_t denied() const { return denied_.size(); }   // this process may not open them
	bool is_full() const { return is_full_; }

private:
	struct Mapping;
	struct Library {
		uint32_t pid;	  // maps it; 0: this is to be found out
		std::string path; // of that mapping, in /proc
		dev_t device;
		ino_t inode;
	};

	OwnedFd open(uint32_t pid, const Mapping &mapping);
	std::string path_of(uint32_t pid, const Mapping &mapping) const;

	const size_t most_;
	OwnedFd proc_;
	std::map<File, Library> known_;
	std::set<File> refused_, denied_; // bounded; each is counted once
	bool is_full_ = false;
};

} // namespace ebtop
