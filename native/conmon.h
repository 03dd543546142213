// SPDX-License-Identifier: GPL-2.0-only
// Names of containers from conmon, the monitor that podman and cri-o leave beside each container: its command line has
// them wherever the storage is, with any storage driver, and for rootless users too.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace ebtop {

class Conmons {
public:
	// Takes the command line of an exec: a monitor starts before its container, and may be gone before anybody looks.
	void learn(std::string_view args);

	// The name of the container; empty if no monitor that was met or may be looked at has this id.
	std::string name_of(const std::string &id);

private:
	void remember(std::string_view args);
	void find_all();

	std::unordered_map<std::string, std::string> names_; // by the container's id
};

} // namespace ebtop
