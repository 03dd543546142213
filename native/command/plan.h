// SPDX-License-Identifier: GPL-2.0-only
// All that the process of a command needs before its exec, allocated before the fork: between the two nothing may be.
#pragma once

#include <napi.h>
#include <string>
#include <sys/types.h>
#include <vector>

namespace ebtop {

struct CommandPlan {
	// CommandOptions of index.d.ts.
	explicit CommandPlan(const Napi::Object &options);
	CommandPlan(const CommandPlan &) = delete; // argv and envp point into it
	CommandPlan &operator=(const CommandPlan &) = delete;

	std::vector<std::string> words, variables;
	std::vector<char *> argv, envp;
	std::vector<gid_t> groups;
	std::vector<int> descriptors; // to pass on, besides the usual three
	uid_t uid = 0;
	gid_t gid = 0;
	bool is_other_user = false;
	bool is_apart = false; // in a process group of its own, without input, its output in `output`
	int output = -1;
};

} // namespace ebtop
