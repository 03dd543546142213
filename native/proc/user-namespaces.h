// SPDX-License-Identifier: GPL-2.0-only
// The users who created the user namespaces of processes.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace ebtop::proc {

class UserNamespaces {
public:
	UserNamespaces();

	// The user who created the outermost namespace around `inode` below ebtop's own. Process `pid` in `proc_dir` lives
	// in `inode`. Returns `uid` if that is ebtop's own namespace, or if it may not be inspected.
	uint32_t maker_of(uint32_t inode, int proc_dir, uint32_t pid, uint32_t uid);

private:
	const uint32_t own_;
	std::unordered_map<uint32_t, uint32_t> makers_; // by inode
};

} // namespace ebtop::proc
