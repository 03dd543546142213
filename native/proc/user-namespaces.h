// SPDX-License-Identifier: GPL-2.0-only
// The users who made the user namespaces that processes live in.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace ebtop::proc {

class UserNamespaces {
public:
	UserNamespaces();

	// The user who made the outermost namespace around `inode` below ebtop's own. Process `pid` of the folder `proc_dir`
	// lives in `inode`. `uid` where that is ebtop's own namespace, or where it may not be asked.
	uint32_t maker_of(uint32_t inode, int proc_dir, uint32_t pid, uint32_t uid);

private:
	const uint32_t own_;
	std::unordered_map<uint32_t, uint32_t> makers_; // by inode
};

} // namespace ebtop::proc
