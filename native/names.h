// SPDX-License-Identifier: GPL-2.0-only
// Names that are sent once: the user of a uid, the path and the container of a cgroup. Both sources use it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "batch.h"
#include "user-names.h"

namespace ebtop {

class Names {
public:
	// Asks for the name of a uid. A later append_users() sends it.
	void user(uint32_t uid) { users_.add(uid); }

	// Appends the names that were found since the last call. Called at the end of each refresh.
	void append_users(Batch &batch);

	// Appends the path of a cgroup, and its container if it is one, the first time `id` is seen. After very many others
	// it is sent again, since the model may have dropped it.
	void cgroup(Batch &batch, uint64_t id, std::string_view path);

	// Reads /proc/PID/cgroup, which has one line for each hierarchy, chooses the most specific line (of a container
	// first, then the unified one, then systemd's, then any that is not the root), and calls cgroup() with it. Returns
	// the id for wire_process.cgroup: a hash of the path, since v1 hierarchies have no common number. 0 if unreadable.
	uint64_t process_cgroup(Batch &batch, uint32_t pid);

	// The same, from the text of that file.
	uint64_t cgroup_of(Batch &batch, std::string_view cgroup_file);

private:
	void append(Batch &batch, wire_name_kind kind, uint64_t id, std::string_view text) const;

	UserNames users_;
	bool is_first_ = true;
	static constexpr size_t cgroups_max = 32768; // the model keeps more
	std::unordered_set<uint64_t> cgroups_;
};

} // namespace ebtop
