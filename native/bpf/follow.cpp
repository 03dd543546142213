// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/follow.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstdio>
#include <sys/stat.h>

#include "append-map.h"
#include "bpf/mapped-array.h"
#include "ebtop.skel.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {
namespace {

uint32_t entries_of(bpf_map *map)
{
	bpf_map_info info{};
	uint32_t size = sizeof(info), key, next, count = 0;
	int fd = bpf_map__fd(map);

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return 0;
	for (void *before = nullptr; count < info.max_entries && !bpf_map_get_next_key(fd, before, &next); count++) {
		key = next;
		before = &key;
	}
	return count;
}

} // namespace

void configure_follow(ebtop_bpf &object, const SourceOptions &options)
{
	auto &maps = object.maps;

	object.rodata->follow_budget = options.follow_budget;
	bpf_map__set_max_entries(maps.followed, options.follow ? options.followed_capacity : 1);
	bpf_map__set_max_entries(maps.follow_streams, options.follow ? options.follow_streams_capacity : 1);
	if (options.follow)
		return;
	for (bpf_map *map : {maps.follow_threads, maps.follow_requests, maps.follow_inherited})
		bpf_map__set_max_entries(map, 1);
}

void seed_follow(const SourceOptions &options, const ebtop_bpf &object)
{
	for (uint32_t pid : options.pids)
		for (int fd = 0; fd <= 2; fd++) {
			char path[48];
			struct stat about;
			uint8_t yes = 1;

			snprintf(path, sizeof(path), "/proc/%u/fd/%d", pid, fd);
			if (stat(path, &about) || !(S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode)))
				continue;
			uint64_t ino = about.st_ino;
			bpf_map_update_elem(bpf_map__fd(object.maps.follow_inherited), &ino, &yes, BPF_ANY);
		}
}

void append_follow_maps(Batch &batch, const ebtop_bpf &object)
{
	const auto &counts = *object.bss;
	uint64_t capacity = bpf_map__max_entries(object.maps.follow_streams);
	uint64_t made = load(counts.table_used[TABLE_FOLLOW_STREAM]);

	append_map(batch, "followed", entries_of(object.maps.followed), bpf_map__max_entries(object.maps.followed),
		   load(counts.overflow[TABLE_FOLLOWED]));
	// Where there is no room the oldest goes.
	append_map(batch, "follow-streams", std::min(made, capacity), capacity, made > capacity ? made - capacity : 0);
	append_map(batch, "follow-steps", 0, object.rodata->follow_budget, load(counts.overflow[TABLE_FOLLOW_STEP]));
}

} // namespace ebtop::bpf
