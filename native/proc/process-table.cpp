// SPDX-License-Identifier: GPL-2.0-only
#include "process-table.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../clock.h"
#include "../shortage.h"
#include "../text-file.h"

namespace ebtop::proc {

namespace {

// How many files may stay open: a quarter of this process's limit.
size_t open_limit()
{
	rlimit limit{};

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? std::min<size_t>(limit.rlim_cur / 4, 8192) : 0;
}

// Kernels without scheduler statistics show three zeros for every process.
bool has_schedstat(int proc_dir)
{
	char buffer[64];

	return Cursor(read_once(proc_dir, "self/schedstat", buffer)).number() > 0;
}

} // namespace

ProcessTable::ProcessTable(const SourceOptions &options)
	: options_(options), comm_glob_(options.comm), proc_(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
	  began_ns_(boot_ns()), max_open_(open_limit()), has_schedstat_(has_schedstat(proc_.get())), pids_(proc_.get()),
	  wanted_pids_(options.pids.begin(), options.pids.end())
{
}

Process *ProcessTable::find(uint32_t pid)
{
	auto at = processes_.find(pid);

	return at == processes_.end() ? nullptr : &at->second;
}

Process &ProcessTable::obtain(uint32_t pid)
{
	auto [at, is_new] = processes_.try_emplace(pid);
	Process &process = at->second;

	if (!is_new)
		return process;
	if (free_places_.empty()) {
		process.place = places_++;
	} else {
		process.place = free_places_.back();
		free_places_.pop_back();
	}
	process.serial = ++last_serial_;
	return process;
}

// The pid has another owner now.
void ProcessTable::renew(Process &process)
{
	uint32_t place = process.place;

	process = Process{};
	process.place = place;
	process.serial = ++last_serial_;
}

Process *ProcessTable::look_up(uint32_t pid)
{
	char buffer[1024];
	std::string_view text = read_stat(pid, buffer, sizeof(buffer));

	if (!text.empty())
		return apply_stat(pid, text);
	if (!is_shortage(errno))
		return nullptr;
	shortage_ = errno;
	Process *known = find(pid);
	if (known)
		known->pass = pass_;
	return known;
}

// Finding a file by its path is a third of the cost of reading it.
std::string_view ProcessTable::read_stat(uint32_t pid, char *buffer, size_t size)
{
	char path[32];
	Process *known = find(pid);

	if (known && known->stat.is_open()) {
		ssize_t got = pread(known->stat.get(), buffer, size, 0);
		if (got > 0)
			return {buffer, size_t(got)};
		known->stat.reset(); // it is gone, but the pid may have another owner
	}
	snprintf(path, sizeof(path), "%u/stat", pid);
	OwnedFd stat(openat(proc_.get(), path, O_RDONLY | O_CLOEXEC));
	if (!stat.is_open())
		return {};
	ssize_t got = read(stat.get(), buffer, size);
	// A process that is read for the third time will be read again.
	if (got > 0 && known && known->looks > 1 && (known->schedstat.is_open() || !has_schedstat_) &&
	    (known->has_run || known->has_threads()) && may_keep_open()) {
		known->stat = std::move(stat);
		open_++;
	}
	return {buffer, got > 0 ? size_t(got) : 0};
}

Process *ProcessTable::update(uint32_t pid, std::string_view stat)
{
	return stat.empty() ? find(pid) : apply_stat(pid, stat);
}

Process *ProcessTable::add_forked(uint32_t pid, uint32_t parent_pid, uint64_t time, std::string_view stat)
{
	const Process *parent = find(parent_pid);
	Process *known = find(pid);

	if (known && known->pass == pass_ && known->record.head.start + tick_ns() > time)
		return known; // a pass saw it first
	if (!parent && stat.empty())
		return nullptr;
	wire_process inherited = parent ? parent->record : wire_process{};
	bool is_wanted = parent && parent->is_wanted;
	Process &child = obtain(pid);
	if (known)
		renew(child);
	child.record = inherited;
	child.record.head.pid = pid;
	child.record.head.start = stat.empty() ? time - time % tick_ns() : 0;
	child.record.ppid = parent_pid;
	child.record.ns_tgid = pid;
	child.record.threads = 1;
	child.record.cpu_ns = child.record.rss_bytes = 0;
	child.pass = pass_;
	child.is_wanted = is_wanted;
	return stat.empty() ? &child : apply_stat(pid, stat);
}

Process *ProcessTable::apply_stat(uint32_t pid, std::string_view text)
{
	Process &known = obtain(pid);
	wire_process before = known.record;
	uint64_t image = known.image;

	if (!parse_stat(text, known))
		return nullptr;
	if (before.head.start != 0 && before.head.start != known.record.head.start) {
		renew(known);
		parse_stat(text, known);
	}
	known.has_new_image |= image != known.image || memcmp(before.comm, known.record.comm, sizeof(before.comm)) != 0;
	known.pass = known.stat_pass = pass_;
	known.record.head.pid = pid;
	known.record.head.time = boot_ns();
	bool has_news = known.is_new || known.has_new_image;
	if (has_news || (known.may_have_new_owner && is_turn(pid, owner_passes)))
		read_owner(known);
	if (has_news || (known.may_have_new_place && is_turn(pid, place_passes)))
		read_namespaces(known);
	return &known;
}

void ProcessTable::read_owner(Process &process)
{
	char path[32];
	char buffer[4096];

	process.may_have_new_owner = false;
	snprintf(path, sizeof(path), "%u/status", process.pid());
	parse_status(read_once(proc_.get(), path, buffer), process.record);
	find_holder(process);
}

// Same rule as bpf/lib/holder.bpf.h.
void ProcessTable::find_holder(Process &process)
{
	wire_process &record = process.record;

	record.holder = user_namespaces_.maker_of(record.ns_user, proc_.get(), process.pid(), record.holder);
}

void ProcessTable::read_namespaces(Process &process)
{
	wire_process &record = process.record;
	char path[32];
	char link[64];

	process.may_have_new_place = false;
	for (auto [name, number] : {std::pair{"user", &record.ns_user},
				    {"pid", &record.ns_pid},
				    {"mnt", &record.ns_mnt},
				    {"net", &record.ns_net},
				    {"ipc", &record.ns_ipc},
				    {"uts", &record.ns_uts},
				    {"cgroup", &record.ns_cgroup}}) {
		snprintf(path, sizeof(path), "%u/ns/%s", process.pid(), name);
		ssize_t len = readlinkat(proc_.get(), path, link, sizeof(link));
		if (len <= 0)
			return; // another user's: all seven stay 0
		*number = number_after(std::string_view(link, len), "[");
	}
	find_holder(process);
}

bool ProcessTable::is_named(const Process &process) const
{
	if (!options_.comm.empty() && comm_glob_.matches(process.record.comm))
		return true;
	// A later process with a wanted pid is another one.
	return process.record.head.start <= began_ns_ && wanted_pids_.contains(process.pid());
}

bool ProcessTable::is_wanted(Process &process)
{
	if (!has_unwanted())
		return true;
	// Descendants stay wanted when the first ancestor is gone, so each is marked itself.
	Process *at = &process;
	for (int depth = 0; at && depth < 256; depth++) {
		if (at->is_wanted || is_named(*at))
			return process.is_wanted = true;
		at = at->record.ppid ? find(at->record.ppid) : nullptr;
	}
	return false;
}

} // namespace ebtop::proc
