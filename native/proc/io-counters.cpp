// SPDX-License-Identifier: GPL-2.0-only
#include "io-counters.h"

#include <cerrno>
#include <cstdio>

#include "../text-file.h"

namespace ebtop::proc {

namespace {

bool read_numbers(int proc_dir, uint32_t pid, bool has_threads, IoNumbers &numbers)
{
	char path[48];
	char buffer[512];

	if (has_threads)
		snprintf(path, sizeof(path), "%u/io", pid);
	else
		snprintf(path, sizeof(path), "%u/task/%u/io", pid, pid);
	std::string_view text = read_once(proc_dir, path, buffer);
	numbers.read_bytes = number_after(text, "rchar:");
	numbers.write_bytes = number_after(text, "wchar:");
	numbers.reads = number_after(text, "syscr:");
	numbers.writes = number_after(text, "syscw:");
	numbers.disk_read_bytes = number_after(text, "\nread_bytes:");
	numbers.disk_write_bytes = number_after(text, "\nwrite_bytes:");
	return !text.empty();
}

uint64_t more(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

} // namespace

void IoNumbers::add(const IoNumbers &now, const IoNumbers &before)
{
	read_bytes += more(now.read_bytes, before.read_bytes);
	write_bytes += more(now.write_bytes, before.write_bytes);
	reads += more(now.reads, before.reads);
	writes += more(now.writes, before.writes);
	disk_read_bytes += more(now.disk_read_bytes, before.disk_read_bytes);
	disk_write_bytes += more(now.disk_write_bytes, before.disk_write_bytes);
}

IoCounters::Result IoCounters::read(int proc_dir, uint32_t pid, bool has_threads, bool counts_all)
{
	IoNumbers now;

	// When it gets its second thread, the first one is read once more before the sum of the process is used.
	if (!read_numbers(proc_dir, pid, is_known_ ? has_threads_ : has_threads, now))
		return errno == EACCES || errno == EPERM ? Result::denied : Result::gone;
	if (is_known_ || counts_all)
		total_.add(now, last_);
	last_ = now;
	if (is_known_ && has_threads != has_threads_ && !read_numbers(proc_dir, pid, has_threads, last_))
		return Result::gone;
	has_threads_ = has_threads;
	is_known_ = true;
	return Result::known;
}

} // namespace ebtop::proc
