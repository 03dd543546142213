// SPDX-License-Identifier: GPL-2.0-only
#include "process-table.h"

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fnmatch.h>
#include <unistd.h>

#include "../clock.h"
#include "../text-file.h"
#include "directory.h"

namespace ebtop::proc {

namespace {

// User, group, seccomp and namespaces seldom change: each process is looked at again every so many passes.
constexpr uint64_t slow_passes = 16;
// Reads of /proc/PID/io in one pass; those that ran come first, the others take turns.
constexpr size_t io_reads = 512;

void append_pass(Batch &batch, bool is_end)
{
	wire_pass record{};

	record.head.time = boot_ns();
	record.kind = WIRE_PASS_PROCESSES;
	record.is_end = is_end;
	batch.append(WIRE_PASS, record);
}

} // namespace

ProcessTable::ProcessTable(const SourceOptions &options)
	: options_(options), proc_(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), began_ns_(boot_ns()),
	  wanted_pids_(options.pids.begin(), options.pids.end())
{
}

ProcessTable::~ProcessTable()
{
	if (proc_ >= 0)
		close(proc_);
}

void ProcessTable::pass(Batch &batch)
{
	static thread_local std::vector<uint32_t> pids;

	pass_++;
	io_budget_ = io_reads;
	wanted_.clear();
	hides_others_ = faccessat(proc_, "1/stat", R_OK, 0) != 0;
	append_pass(batch, false);
	if (!list_numbers(proc_, pids))
		return; // without an end of the pass nobody is taken for gone
	for (uint32_t pid : pids)
		read_process(pid);
	for (uint32_t pid : pids) {
		Process *process = find(pid);
		if (!process || process->pass != pass_ || !is_wanted(*process))
			continue;
		wanted_.push_back(process);
		append_process(batch, *process);
	}
	append_pass(batch, true);
	std::erase_if(processes_, [this](const auto &entry) { return entry.second.pass != pass_; });
}

Process *ProcessTable::find(uint32_t pid)
{
	auto at = processes_.find(pid);

	return at == processes_.end() ? nullptr : &at->second;
}

Process *ProcessTable::look_up(uint32_t pid) { return read_process(pid); }

Process *ProcessTable::read_process(uint32_t pid)
{
	char path[32];
	char buffer[1024];

	snprintf(path, sizeof(path), "%u/stat", pid);
	std::string_view text = read_once(proc_, path, buffer);
	if (text.empty())
		return nullptr;
	Process &known = processes_[pid];
	wire_process before = known.record;
	uint64_t image = known.image;
	if (!parse_stat(text, known))
		return nullptr;
	if (!known.is_new && before.head.start != known.record.head.start) {
		known = Process{}; // the pid has another owner now
		parse_stat(text, known);
	}
	known.has_new_image |= image != known.image || memcmp(before.comm, known.record.comm, sizeof(before.comm)) != 0;
	known.pass = pass_;
	known.record.head.pid = pid;
	known.record.head.time = boot_ns();
	if (known.is_new || known.has_new_image || (pass_ + pid) % slow_passes == 0)
		read_slow(known);
	return &known;
}

void ProcessTable::read_slow(Process &process)
{
	char path[32];
	char buffer[4096];

	snprintf(path, sizeof(path), "%u/status", process.pid());
	parse_status(read_once(proc_, path, buffer), process.record);
	read_namespaces(process);
}

void ProcessTable::read_namespaces(Process &process)
{
	wire_process &record = process.record;
	char path[32];
	char link[64];

	for (auto [name, number] : {std::pair{"user", &record.ns_user}, {"pid", &record.ns_pid}, {"mnt", &record.ns_mnt},
		     {"net", &record.ns_net}, {"ipc", &record.ns_ipc}, {"uts", &record.ns_uts}, {"cgroup", &record.ns_cgroup}}) {
		snprintf(path, sizeof(path), "%u/ns/%s", process.pid(), name);
		ssize_t len = readlinkat(proc_, path, link, sizeof(link));
		if (len <= 0)
			return; // of another user: all seven stay 0
		*number = number_after(std::string_view(link, len), "[");
	}
}

bool ProcessTable::is_named(const Process &process) const
{
	if (!options_.comm.empty() && fnmatch(options_.comm.c_str(), process.record.comm, 0) == 0)
		return true;
	// A process that got a wanted pid later is another one.
	return process.record.head.start <= began_ns_ && wanted_pids_.contains(process.pid());
}

bool ProcessTable::is_wanted(Process &process)
{
	if (options_.pids.empty() && options_.comm.empty())
		return true;
	// A family stays wanted when its first one is gone, so each carries the mark of its own.
	Process *at = &process;
	for (int depth = 0; at && depth < 256; depth++) {
		if (at->is_wanted || is_named(*at))
			return process.is_wanted = true;
		at = at->record.ppid ? find(at->record.ppid) : nullptr;
	}
	return false;
}

} // namespace ebtop::proc
