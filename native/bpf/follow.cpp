// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/follow.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>

#include "append-map.h"
#include "bpf/mapped-array.h"
#include "bpf/task-pass.h"
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

template <class Key> void clear(bpf_map *map)
{
	int fd = bpf_map__fd(map);
	uint32_t most = bpf_map__max_entries(map);
	Key key;

	for (uint32_t count = 0; count < most && !bpf_map_get_next_key(fd, nullptr, &key); count++)
		bpf_map_delete_elem(fd, &key);
}

} // namespace

void configure_follow(ebtop_bpf &object, const SourceOptions &options)
{
	auto &maps = object.maps;

	object.rodata->follow_budget = options.follow_budget;
	object.rodata->follow_open_us = options.follow_open_us;
	bpf_map__set_max_entries(maps.followed, options.followed_capacity);
	bpf_map__set_max_entries(maps.follow_streams, options.follow_streams_capacity);
	bpf_map__set_max_entries(maps.follow_threads, options.follow_threads_capacity);
	bpf_map__set_max_entries(maps.follow_requests, options.follow_requests_capacity);
	if (options.possible() & CONCERN_FOLLOW)
		return;
	for (bpf_map *map :
	     {maps.followed, maps.follow_streams, maps.follow_threads, maps.follow_requests, maps.follow_inherited})
		bpf_map__set_max_entries(map, 1);
}

void note_inherited(uint32_t pid, const ebtop_bpf &object)
{
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

// As mark_process() (bpf/lib/follow.bpf.h).
void mark_process(uint32_t pid, const ebtop_bpf &object)
{
	auto &marks = object.bss->follow_pids;
	uint32_t &mark = marks[pid % std::size(marks)], before = 0;

	if (!__atomic_compare_exchange_n(&mark, &before, pid, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED) && before != pid)
		__atomic_store_n(&mark, FOLLOW_SEVERAL, __ATOMIC_RELAXED);
}

void start_following(uint32_t pid, const ebtop_bpf &object, TaskPass &tasks)
{
	constexpr int passes_max = 64; // bounds the loop for processes that fork without end
	int fd = bpf_map__fd(object.maps.wanted);
	Starts found;
	bool is_more = true;

	for (int passes = 0; is_more && passes < passes_max; passes++) {
		is_more = false;
		tasks.run([&](const wire_process &process) {
			if ((process.head.pid != pid && !found.contains(process.ppid)) ||
			    !found.emplace(process.head.pid, process.head.start).second)
				return;
			wanted_process value = {.start = process.head.start, .share = SHARE_OF_THE_REST, .has_share = 0};
			is_more = true;
			mark_process(process.head.pid, object);
			if (bpf_map_update_elem(fd, &process.head.pid, &value, BPF_ANY))
				__atomic_fetch_add(&object.bss->overflow[TABLE_WANTED], 1, __ATOMIC_RELAXED);
		});
	}
}

void stop_following(const ebtop_bpf &object)
{
	auto &maps = object.maps;
	auto &counts = *object.bss;

	for (bpf_map *map : {maps.wanted, maps.followed})
		clear<uint32_t>(map);
	for (bpf_map *map : {maps.follow_threads, maps.follow_streams, maps.follow_requests, maps.follow_inherited})
		clear<uint64_t>(map);
	memset(counts.follow_bits, 0, sizeof(counts.follow_bits));
	memset(counts.follow_pids, 0, sizeof(counts.follow_pids));
	for (int table : {TABLE_FOLLOW_STREAM, TABLE_FOLLOW_THREAD, TABLE_FOLLOW_REQUEST})
		counts.table_used[table] = 0;
	for (int table : {TABLE_WANTED, TABLE_FOLLOWED, TABLE_FOLLOW_STEP})
		counts.overflow[table] = 0;
}

void append_follow_maps(Batch &batch, const ebtop_bpf &object)
{
	const auto &counts = *object.bss;
	// If there is no room, the oldest entry is evicted.
	auto append_oldest_out = [&](const char *name, const bpf_map *map, table_id table) {
		uint64_t capacity = bpf_map__max_entries(map), kept_or_gone = load(counts.table_used[table]);
		uint64_t used = std::min(kept_or_gone, capacity);
		append_map(batch, name, used, capacity, kept_or_gone - used);
	};

	if (!object.rodata->only_wanted)
		append_map(batch, "process-wanted", entries_of(object.maps.wanted), bpf_map__max_entries(object.maps.wanted),
			   load(counts.overflow[TABLE_WANTED]));
	append_map(batch, "followed", entries_of(object.maps.followed), bpf_map__max_entries(object.maps.followed),
		   load(counts.overflow[TABLE_FOLLOWED]));
	append_oldest_out("follow-streams", object.maps.follow_streams, TABLE_FOLLOW_STREAM);
	append_oldest_out("follow-threads", object.maps.follow_threads, TABLE_FOLLOW_THREAD);
	append_oldest_out("follow-requests", object.maps.follow_requests, TABLE_FOLLOW_REQUEST);
	append_map(batch, "follow-steps", 0, object.rodata->follow_budget, load(counts.overflow[TABLE_FOLLOW_STEP]));
}

} // namespace ebtop::bpf
