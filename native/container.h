// SPDX-License-Identifier: GPL-2.0-only
// Which container a cgroup belongs to, by its path.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ebtop {

struct ContainerId {
	std::string runtime; // docker, podman, containerd, cri-o, lxc, nspawn
	std::string id;
};

std::optional<ContainerId> find_container(std::string_view cgroup_path);

} // namespace ebtop
