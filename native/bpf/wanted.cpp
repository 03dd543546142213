// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/wanted.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstdio>
#include <fcntl.h>

#include "append-map.h"
#include "bpf/mapped-array.h"
#include "bpf/task-pass.h"
#include "ebtop.skel.h"
#include "text-file.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

void check_pid(uint32_t pid, const std::string &option)
{
	char path[32], buffer[8192];
	snprintf(path, sizeof(path), "/proc/%u/status", pid);
	std::string_view text = read_once(AT_FDCWD, path, buffer);
	if (text.empty())
		throw SourceError("EBTOP_USAGE",
				  "There is no process " + std::to_string(pid) + "; look up its number with ps or pgrep.");
	uint32_t process = number_after(text, "\nTgid:");
	if (process && process != pid)
		throw SourceError("EBTOP_USAGE", std::to_string(pid) + " is a thread of process " + std::to_string(process) +
							 "; use " + option + " " + std::to_string(process) + ".");
}

void check_pids(const SourceOptions &options)
{
	for (uint32_t pid : options.pids)
		check_pid(pid, "--pid");
}

void configure_wanted(ebtop_bpf &object, const SourceOptions &options)
{
	auto &constants = *object.rodata;

	constants.only_wanted = !options.pids.empty() || !options.comm.empty();
	constants.wanted_capacity = options.wanted_capacity;
	// Room is reserved for processes that are requested by pid.
	uint32_t size = options.wanted_capacity + uint32_t(options.pids.size());
	bool is_used = constants.only_wanted || options.standby & CONCERN_FOLLOW;
	bpf_map__set_max_entries(object.maps.wanted, is_used ? size : 1);
}

void seed_wanted(const SourceOptions &options, const ebtop_bpf &object, TaskPass &tasks)
{
	// A process that forks without end must not keep this loop running.
	constexpr int passes_max = 64;
	uint64_t before, refused_before;
	auto &counts = *object.bss;
	int passes = 0;

	for (uint32_t pid : options.pids) {
		wanted_process value = {.start = 1, .share = SHARE_OF_THE_REST, .has_share = 0};
		bpf_map_update_elem(bpf_map__fd(object.maps.wanted), &pid, &value, BPF_ANY);
	}
	// Tasks come in the order of pids: a child with a lower number than its parent is found by the next pass.
	do {
		before = load(counts.admitted);
		refused_before = load(counts.not_admitted);
		tasks.run([](const wire_process &) {});
	} while (load(counts.admitted) != before && ++passes < passes_max);
	__atomic_fetch_add(&counts.overflow[TABLE_WANTED], load(counts.not_admitted) - refused_before, __ATOMIC_RELAXED);
}

void append_wanted_map(Batch &batch, const ebtop_bpf &object)
{
	append_map(batch, "process-wanted", load(object.bss->table_used[TABLE_WANTED]), object.rodata->wanted_capacity,
		   load(object.bss->overflow[TABLE_WANTED]));
}

} // namespace ebtop::bpf
