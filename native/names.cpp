// SPDX-License-Identifier: GPL-2.0-only
#include "names.h"

#include <cstdio>
#include <fcntl.h>

#include "clock.h"
#include "container.h"
#include "hash.h"
#include "text-file.h"

namespace ebtop {

namespace {

// The first refresh waits this long, so that a run of one refresh has names too.
constexpr std::chrono::milliseconds first_wait{50};

// How much a line of /proc/PID/cgroup tells about the process.
int worth_of(std::string_view controllers, std::string_view path)
{
	if (find_container(path))
		return 4;
	if (path == "/")
		return 0;
	if (controllers.empty())
		return 3;
	return controllers == "name=systemd" ? 2 : 1;
}

} // namespace

void Names::append_users(Batch &batch)
{
	if (is_first_)
		users_.wait(first_wait);
	is_first_ = false;
	users_.append(batch);
}

void Names::cgroup(Batch &batch, uint64_t id, std::string_view path)
{
	if (cgroups_.size() >= cgroups_max && !cgroups_.contains(id))
		cgroups_.clear();
	if (!cgroups_.insert(id).second)
		return;
	append(batch, WIRE_NAME_CGROUP, id, path);
	if (auto container = find_container(path))
		append(batch, WIRE_NAME_CONTAINER, id, container->runtime + '\0' + container->id);
}

uint64_t Names::process_cgroup(Batch &batch, uint32_t pid)
{
	char path[32];
	char buffer[16 * 1024];

	snprintf(path, sizeof(path), "/proc/%u/cgroup", pid);
	return cgroup_of(batch, read_file(AT_FDCWD, path, buffer));
}

uint64_t Names::cgroup_of(Batch &batch, std::string_view cgroup_file)
{
	std::string_view best;
	int best_worth = -1;

	while (!cgroup_file.empty()) {
		std::string_view line = take_line(cgroup_file); // ID:controllers:path
		size_t first = line.find(':');
		size_t second = first == line.npos ? line.npos : line.find(':', first + 1);
		if (second == line.npos)
			continue;
		std::string_view path = line.substr(second + 1);
		int worth = worth_of(line.substr(first + 1, second - first - 1), path);
		if (worth > best_worth) {
			best = path;
			best_worth = worth;
		}
	}
	if (best_worth < 0)
		return 0;
	uint64_t id = hash_of(best);
	cgroup(batch, id, best);
	return id;
}

void Names::append(Batch &batch, wire_name_kind kind, uint64_t id, std::string_view text) const
{
	wire_name record{};

	record.head.time = boot_ns();
	record.id = id;
	record.kind = kind;
	record.len = text.size();
	batch.append(WIRE_NAME, record, text);
}

} // namespace ebtop
