// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/wanted.h"

#include <bpf/bpf.h>
#include <cstdio>
#include <fcntl.h>

#include "bpf/mapped-array.h"
#include "bpf/task-pass.h"
#include "text-file.h"

namespace ebtop::bpf {
namespace {

void check_pid(uint32_t pid)
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
							 "; use --pid " + std::to_string(process) + ".");
}

} // namespace

void check_pids(const SourceOptions &options)
{
	for (uint32_t pid : options.pids)
		check_pid(pid);
}

void seed_wanted(const SourceOptions &options, int wanted_map, TaskPass &tasks, const __u64 &admitted)
{
	// A process that forks without end must not keep us here.
	constexpr int passes_max = 64;
	uint64_t before;
	int passes = 0;

	for (uint32_t pid : options.pids) {
		uint64_t start = 1;
		bpf_map_update_elem(wanted_map, &pid, &start, BPF_ANY);
	}
	// Tasks come by pid, so a child whose number is lower than its parent's is found by the next pass.
	do {
		before = load(admitted);
		tasks.run([](const wire_process &) {});
	} while (load(admitted) != before && ++passes < passes_max);
}

} // namespace ebtop::bpf
