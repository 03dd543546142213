// SPDX-License-Identifier: GPL-2.0-only
#include "container.h"

#include <dirent.h>
#include <fcntl.h>
#include <memory>

#include "text-file.h"

namespace ebtop {

namespace {

constexpr size_t id_len = 64;
constexpr size_t max_file = 4 * 1024 * 1024;

bool is_id(std::string_view text)
{
	return text.size() == id_len && text.find_first_not_of("0123456789abcdef") == text.npos;
}

struct Prefix {
	const char *prefix;
	const char *runtime;
};

// Of a path component, without ".scope" at its end: PREFIX followed by the container's id.
constexpr Prefix prefixes[] = {
	{"docker-", "docker"},     {"libpod-", "podman"}, {"cri-containerd-", "containerd"},
	{"nerdctl-", "containerd"}, {"crio-", "cri-o"},
};

// Of a path component: PREFIX followed by a name that is also the id.
constexpr Prefix named_prefixes[] = {{"lxc.payload.", "lxc"}, {"machine-", "nspawn"}};

bool take_prefix(std::string_view &text, std::string_view prefix)
{
	if (text.substr(0, prefix.size()) != prefix)
		return false;
	text.remove_prefix(prefix.size());
	return true;
}

std::optional<ContainerId> from_component(std::string_view part, std::string_view parent)
{
	size_t scope = part.rfind(".scope");
	bool is_scope = scope != part.npos && scope + 6 == part.size();
	if (is_scope)
		part.remove_suffix(6);
	for (const Prefix &known : prefixes) {
		std::string_view id = part;
		if (take_prefix(id, known.prefix) && is_id(id))
			return ContainerId{known.runtime, std::string(id)};
	}
	for (const Prefix &known : named_prefixes) {
		std::string_view name = part;
		if (take_prefix(name, known.prefix) && !name.empty() && (is_scope || part.front() == 'l'))
			return ContainerId{known.runtime, std::string(name)};
	}
	// containerd's own form is SLICE:PREFIX:ID.
	size_t colon = part.rfind(':');
	if (colon != part.npos && is_id(part.substr(colon + 1)))
		return ContainerId{"containerd", std::string(part.substr(colon + 1))};
	if (is_id(part))
		return ContainerId{parent == "docker" ? "docker" : "containerd", std::string(part)};
	if (parent == "lxc" && !part.empty())
		return ContainerId{"lxc", std::string(part)};
	return std::nullopt;
}

// The first string behind `key` in `json`: enough for files that a runtime wrote. Escapes are left as they are.
std::string json_string(std::string_view json, std::string_view key)
{
	std::string quoted = "\"" + std::string(key) + "\"";
	size_t at = json.find(quoted);

	if (at == json.npos)
		return {};
	at = json.find_first_not_of(" \t\n:[", at + quoted.size());
	if (at == json.npos || json[at] != '"')
		return {};
	size_t end = json.find('"', at + 1);
	return end == json.npos ? std::string() : std::string(json.substr(at + 1, end - at - 1));
}

std::string docker_name(const std::string &id)
{
	std::string path = "/var/lib/docker/containers/" + id + "/config.v2.json";
	std::string json = read_whole(AT_FDCWD, path.c_str(), max_file);
	// The name of the container stands behind its configuration, which may hold a "Name" of its own.
	size_t at = json.rfind("\"Name\":\"/");
	return at == json.npos ? std::string() : json_string(json.substr(at), "Name").substr(1);
}

// Podman and cri-o keep one list per storage driver: DRIVER-containers/containers.json.
std::string storage_name(const std::string &root, const std::string &id)
{
	std::unique_ptr<DIR, int (*)(DIR *)> dir(opendir(root.c_str()), closedir);

	while (dirent *entry = dir ? readdir(dir.get()) : nullptr) {
		std::string name = entry->d_name;
		if (name.size() < 11 || name.compare(name.size() - 11, 11, "-containers") != 0)
			continue;
		for (const char *file : {"/containers.json", "/volatile-containers.json"}) {
			std::string json = read_whole(AT_FDCWD, (root + "/" + name + file).c_str(), max_file);
			size_t at = json.find("\"id\":\"" + id + "\"");
			if (at != json.npos)
				return json_string(std::string_view(json).substr(at), "names");
		}
	}
	return {};
}

std::string annotation(const std::string &path, std::string_view key)
{
	return json_string(read_whole(AT_FDCWD, path.c_str(), max_file), key);
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

std::string container_name(const ContainerId &container)
{
	if (container.runtime == "docker")
		return docker_name(container.id);
	if (container.runtime == "podman")
		return storage_name("/var/lib/containers/storage", container.id);
	if (container.runtime == "cri-o")
		return annotation("/var/lib/containers/storage/overlay-containers/" + container.id + "/userdata/config.json",
			"io.kubernetes.container.name");
	if (container.runtime == "containerd")
		return annotation("/run/containerd/io.containerd.runtime.v2.task/k8s.io/" + container.id + "/config.json",
			"io.kubernetes.cri.container-name");
	return container.id;
}

} // namespace ebtop
