// SPDX-License-Identifier: GPL-2.0-only
// All that the process of a command needs before its exec. Allocated before the fork: between fork and exec nothing may be
// allocated.
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
	std::vector<int> descriptors; // to pass on, in addition to stdin, stdout and stderr
	uid_t uid = 0;
	gid_t gid = 0;
	bool is_other_user = false;
	bool is_apart = false; // in its own process group, without input, its output in `output`
	int output = -1;
};

} // namespace ebtop
