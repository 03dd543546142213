// SPDX-License-Identifier: GPL-2.0-only
#include "container-names.h"

#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <vector>

#include "text-file.h"

namespace ebtop {

namespace {

constexpr size_t max_file = 4 * 1024 * 1024;

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

// The path of each folder in `folder`.
std::vector<std::string> folders_in(const std::string &folder)
{
	std::vector<std::string> found;
	std::unique_ptr<DIR, int (*)(DIR *)> dir(opendir(folder.c_str()), closedir);

	while (dirent *entry = dir ? readdir(dir.get()) : nullptr)
		if (entry->d_name[0] != '.')
			found.push_back(folder + "/" + entry->d_name);
	return found;
}

// Podman keeps one list per storage driver: DRIVER-containers/containers.json.
std::string podman_name(const std::string &id)
{
	for (const std::string &folder : folders_in("/var/lib/containers/storage")) {
		if (!folder.ends_with("-containers"))
			continue;
		for (const char *file : {"/containers.json", "/volatile-containers.json"}) {
			std::string json = read_whole(AT_FDCWD, (folder + file).c_str(), max_file);
			size_t at = json.find("\"id\":\"" + id + "\"");
			if (at != json.npos)
				return json_string(std::string_view(json).substr(at), "names");
		}
	}
	return {};
}

std::string crio_name(const std::string &id)
{
	for (const std::string &folder : folders_in("/var/lib/containers/storage")) {
		std::string path = folder + "/" + id + "/userdata/config.json";
		std::string json = read_whole(AT_FDCWD, path.c_str(), max_file);
		if (!json.empty())
			return json_string(json, "io.kubernetes.container.name");
	}
	return {};
}

// Each client of containerd has a namespace: Kubernetes, nerdctl.
std::string containerd_name(const std::string &id)
{
	for (const std::string &folder : folders_in("/run/containerd/io.containerd.runtime.v2.task")) {
		std::string json = read_whole(AT_FDCWD, (folder + "/" + id + "/config.json").c_str(), max_file);
		for (const char *key : {"io.kubernetes.cri.container-name", "nerdctl/name"})
			if (std::string name = json_string(json, key); !name.empty())
				return name;
	}
	return {};
}

} // namespace

std::string ContainerNames::complete(ContainerId &container)
{
	const std::string &id = container.id;
	std::string name;

	if (container.runtime == "lxc" || container.runtime == "nspawn")
		return id;
	if (container.runtime == "containerd") {
		name = containerd_name(id);
		// docker's too are bare ids where it was given a parent for its cgroups
		if (name.empty() && !(name = docker_name(id)).empty())
			container.runtime = "docker";
		return name;
	}
	if (container.runtime == "docker")
		return docker_name(id);
	name = container.runtime == "podman" ? podman_name(id) : crio_name(id);
	return name.empty() && may_read_args_ ? conmons_.name_of(id) : name;
}

} // namespace ebtop
