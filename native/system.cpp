// SPDX-License-Identifier: GPL-2.0-only
#include "system.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "text-file.h"

namespace ebtop {

System::System()
	: stat_(open("/proc/stat", O_RDONLY | O_CLOEXEC)), meminfo_(open("/proc/meminfo", O_RDONLY | O_CLOEXEC)),
	  loadavg_(open("/proc/loadavg", O_RDONLY | O_CLOEXEC)), statm_(open("/proc/self/statm", O_RDONLY | O_CLOEXEC))
{
}

void System::append(Batch &batch, const Counted &counted)
{
	wire_system record{};

	record.head.time = boot_ns();
	record.uptime_ns = record.head.time;
	record.cpus = sysconf(_SC_NPROCESSORS_ONLN);
	record.execs = counted.execs.value_or(0);
	record.unmeasured = (counted.execs ? 0 : WIRE_UNMEASURED_EXECS) | (counted.has_calls ? 0 : WIRE_UNMEASURED_CALLS);
	read_cpu(record);
	record.forks = counted.forks.value_or(tasks_ - tasks_at_start_);
	read_memory(record);
	read_load(record);
	read_self(record);
	batch.append(WIRE_SYSTEM, record);
}

void System::append_tick(Batch &batch, uint64_t busy_ns)
{
	wire_tick record{};

	record.head.time = boot_ns();
	record.wall_ns = wall_ns();
	record.busy_ns = busy_ns;
	record.asleep_ns = asleep_ns();
	batch.append(WIRE_TICK, record);
}

void System::read_cpu(wire_system &record)
{
	static thread_local char buffer[64 * 1024]; // the line of interrupt counts, before "processes", can be long
	std::string_view text = read_again(stat_.get(), buffer);

	Cursor line(text);
	if (!line.skip("cpu"))
		return;
	// user nice system idle iowait irq softirq steal; guest time is part of user.
	uint64_t ticks[8] = {};
	uint64_t total = 0;
	for (uint64_t &value : ticks)
		total += value = line.number();
	record.cpu_total_ns = total * tick_ns();
	record.cpu_busy_ns = (total - ticks[3] - ticks[4]) * tick_ns();
	tasks_ = number_after(text, "\nprocesses ");
	if (!has_start_)
		tasks_at_start_ = tasks_;
	has_start_ = true;
}

void System::read_memory(wire_system &record) const
{
	char buffer[4096];
	std::string_view text = read_again(meminfo_.get(), buffer);
	uint64_t available = number_after(text, "\nMemAvailable:") * 1024;

	record.mem_total_bytes = number_after(text, "MemTotal:") * 1024;
	record.mem_used_bytes = record.mem_total_bytes > available ? record.mem_total_bytes - available : 0;
}

void System::read_load(wire_system &record) const
{
	char buffer[128];
	Cursor text(read_again(loadavg_.get(), buffer));

	for (__u32 &load : record.load100) {
		load = text.number() * 100;
		text.skip(".");
		load += text.number();
	}
}

void System::read_self(wire_system &record) const
{
	rusage usage{};
	char buffer[128];

	getrusage(RUSAGE_SELF, &usage);
	auto ns = [](const timeval &time) { return uint64_t(time.tv_sec) * 1'000'000'000 + time.tv_usec * 1000; };
	record.self_cpu_ns = ns(usage.ru_utime) + ns(usage.ru_stime);
	Cursor statm(read_again(statm_.get(), buffer));
	statm.number();
	record.self_rss_bytes = statm.number() * sysconf(_SC_PAGESIZE);
}

} // namespace ebtop
