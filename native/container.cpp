// SPDX-License-Identifier: GPL-2.0-only
#include "container.h"

#include <charconv>

namespace ebtop {

namespace {

constexpr size_t id_len = 64;

bool is_id(std::string_view text)
{
	return text.size() == id_len && text.find_first_not_of("0123456789abcdef") == text.npos;
}

struct Prefix {
	const char *prefix;
	const char *runtime;
};

// Formats of a path component, without ".scope" at its end: PREFIX followed by the container's id. Podman's second prefix is
// that of containers in a systemd unit (--cgroups=split).
constexpr Prefix prefixes[] = {
	{"docker-", "docker"},	    {"libpod-", "podman"}, {"libpod-payload-", "podman"}, {"cri-containerd-", "containerd"},
	{"nerdctl-", "containerd"}, {"crio-", "cri-o"},
};

// The format SLICE:PREFIX:ID: with it a runtime asks systemd for a cgroup, or creates it under that name itself.
constexpr Prefix colon_prefixes[] = {{"docker", "docker"}, {"libpod", "podman"}, {"crio", "cri-o"}};

bool take_prefix(std::string_view &text, std::string_view prefix)
{
	if (!text.starts_with(prefix))
		return false;
	text.remove_prefix(prefix.size());
	return true;
}

bool take_suffix(std::string_view &text, std::string_view suffix)
{
	if (!text.ends_with(suffix))
		return false;
	text.remove_suffix(suffix.size());
	return true;
}

// systemd writes characters that are not allowed in the name of a unit as \xHH.
std::string unescape_unit(std::string_view text)
{
	std::string plain;

	for (size_t at = 0; at < text.size(); at++) {
		unsigned byte = 0;
		auto digits = text.substr(at, 4);
		if (digits.size() == 4 && digits[0] == '\\' && digits[1] == 'x' &&
		    std::from_chars(digits.data() + 2, digits.data() + 4, byte, 16).ptr == digits.data() + 4) {
			plain += char(byte);
			at += 3;
		} else {
			plain += text[at];
		}
	}
	return plain;
}

// Containers that are identified by a name, which is also their id.
std::optional<ContainerId> from_name(std::string_view part, std::string_view parent)
{
	std::string_view name = part;

	if (take_prefix(name, "lxc.payload.") || (parent == "lxc" && !name.empty()))
		return ContainerId{"lxc", std::string(name)};
	if (take_prefix(name, "systemd-nspawn@") && take_suffix(name, ".service"))
		return ContainerId{"nspawn", unescape_unit(name)};
	name = part;
	if (!take_prefix(name, "machine-") || !take_suffix(name, ".scope"))
		return std::nullopt;
	// libvirt registers with the same daemon: its virtual machines are not containers, its LXC guests are.
	if (take_prefix(name, "qemu\\x2d"))
		return std::nullopt;
	bool is_libvirt = take_prefix(name, "lxc\\x2d");
	return ContainerId{is_libvirt ? "lxc" : "nspawn", unescape_unit(name)};
}

std::optional<ContainerId> from_component(std::string_view part, std::string_view parent)
{
	if (auto named = from_name(part, parent))
		return named;
	take_suffix(part, ".scope");
	for (const Prefix &known : prefixes) {
		std::string_view id = part;
		if (take_prefix(id, known.prefix) && is_id(id))
			return ContainerId{known.runtime, std::string(id)};
	}
	if (is_id(part))
		return ContainerId{parent == "docker" ? "docker" : "containerd", std::string(part)};
	size_t colon = part.rfind(':');
	if (colon == part.npos || !is_id(part.substr(colon + 1)))
		return std::nullopt;
	ContainerId found{"containerd", std::string(part.substr(colon + 1))};
	part.remove_suffix(found.id.size() + 1);
	for (const Prefix &known : colon_prefixes)
		if (part.substr(part.rfind(':') + 1) == known.prefix)
			found.runtime = known.runtime;
	return found;
}

} // namespace

std::optional<ContainerId> find_container(std::string_view path)
{
	std::optional<ContainerId> found;
	std::string_view parent;

	// The innermost one wins: a container may run containers.
	while (!path.empty()) {
		size_t end = path.find('/');
		std::string_view part = path.substr(0, end);
		if (auto here = from_component(part, parent))
			found = here;
		parent = part;
		path.remove_prefix(end == path.npos ? path.size() : end + 1);
	}
	return found;
}

} // namespace ebtop
