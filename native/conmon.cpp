// SPDX-License-Identifier: GPL-2.0-only
#include "conmon.h"

#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

#include "owned-fd.h"
#include "proc/directory.h"
#include "text-file.h"

namespace ebtop {

namespace {

constexpr size_t max_args = 64 * 1024;
constexpr size_t max_names = 4096; // each is asked for once, soon after it was learnt

// The word behind the first `option` of a command line; empty if there is none.
std::string_view value_of(std::string_view option, std::string_view args)
{
	bool is_next = false;

	while (!args.empty()) {
		size_t end = args.find('\0');
		std::string_view word = args.substr(0, end);
		if (is_next)
			return word;
		is_next = word == option;
		args.remove_prefix(end == args.npos ? args.size() : end + 1);
	}
	return {};
}

} // namespace

void Conmons::learn(std::string_view args)
{
	std::string_view program = args.substr(0, args.find('\0'));

	if (program.substr(program.rfind('/') + 1) == "conmon")
		remember(args);
}

void Conmons::remember(std::string_view args)
{
	if (names_.size() >= max_names)
		names_.clear();
	names_.insert_or_assign(std::string(value_of("-c", args)), std::string(value_of("-n", args)));
}

std::string Conmons::name_of(const std::string &id)
{
	if (!names_.contains(id))
		find_all();
	auto found = names_.find(id);
	return found == names_.end() ? std::string() : found->second;
}

void Conmons::find_all()
{
	std::vector<uint32_t> pids;
	OwnedFd proc(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	if (!proc.is_open())
		return;
	proc::list_numbers(proc.get(), pids);
	for (uint32_t pid : pids) {
		char path[32];
		char comm[16];
		snprintf(path, sizeof(path), "%u/comm", pid);
		if (read_once(proc.get(), path, comm) != "conmon\n")
			continue;
		snprintf(path, sizeof(path), "%u/cmdline", pid);
		remember(read_whole(proc.get(), path, max_args));
	}
}

} // namespace ebtop
