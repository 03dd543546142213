// SPDX-License-Identifier: GPL-2.0-only
#include "process-reader.h"

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../hash.h"
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

ProcessReader::ProcessReader()
	: proc_(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), max_open_(open_limit()),
	  has_schedstat_(has_schedstat(proc_.get()))
{
}

std::string_view ProcessReader::read_stat(uint32_t pid, Process *known, char *buffer, size_t size)
{
	char path[32];

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

bool ProcessReader::read_pulse(Process &process)
{
	char buffer[96];

	if (!process.schedstat.is_open()) {
		if (!has_schedstat_ || !may_keep_open())
			return false;
		snprintf(buffer, sizeof(buffer), "%u/schedstat", process.pid());
		process.schedstat = OwnedFd(openat(proc_.get(), buffer, O_RDONLY | O_CLOEXEC));
		open_ += process.schedstat.is_open();
	}
	ssize_t got = pread(process.schedstat.get(), buffer, sizeof(buffer), 0);
	if (got > 0)
		process.pulse = hash_of(std::string_view(buffer, got));
	else
		process.schedstat.reset(); // it is gone, but the pid may have another owner
	return got > 0;
}

void ProcessReader::read_owner(Process &process)
{
	char path[32];
	char buffer[4096];

	process.may_have_new_owner = false;
	snprintf(path, sizeof(path), "%u/status", process.pid());
	parse_status(read_once(proc_.get(), path, buffer), process.record);
	find_holder(process);
}

// Same rule as bpf/lib/holder.bpf.h.
void ProcessReader::find_holder(Process &process)
{
	wire_process &record = process.record;

	record.holder = user_namespaces_.maker_of(record.ns_user, proc_.get(), process.pid(), record.holder);
}

void ProcessReader::read_namespaces(Process &process)
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
			return; // another user's process: all seven stay 0
		*number = number_after(std::string_view(link, len), "[");
	}
	find_holder(process);
}

void ProcessReader::begin_count()
{
	open_ = 0;
	kept_.assign(kept_.size(), false);
}

void ProcessReader::count(const Process &process)
{
	for (const OwnedFd *file : {&process.schedstat, &process.stat}) {
		if (!file->is_open())
			continue;
		if (size_t(file->get()) >= kept_.size())
			kept_.resize(file->get() + 1);
		kept_[file->get()] = true;
		open_++;
	}
}

} // namespace ebtop::proc
