// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/proc-only-processes.h"

#include <cerrno>

#include "../proc/directory.h"
#include "clock.h"
#include "shortage.h"

namespace ebtop::bpf {

void ProcOnlyProcesses::find(const Starts &met, uint64_t began_ns)
{
	std::vector<uint32_t> in_proc;

	proc::list_numbers(reader_.proc_dir(), in_proc);
	for (uint32_t pid : in_proc) {
		wire_process record{};
		if (!met.contains(pid) && read(pid, record) && record.head.start + tick_ns() < began_ns)
			proc_only_.push_back(record);
	}
}

void ProcOnlyProcesses::visit(Batch &batch, Names &names, const std::function<void(const wire_process &)> &each)
{
	std::erase_if(proc_only_, [&](wire_process &known) {
		wire_process record{};
		bool is_there = read(known.head.pid, record);
		if (is_there ? record.head.start != known.head.start : !is_shortage(errno))
			return true;
		if (is_there)
			known = record;
		known.cgroup = names.process_cgroup(batch, known.head.pid);
		each(known);
		return false;
	});
}

// False, with errno, if it cannot be read.
bool ProcOnlyProcesses::read(uint32_t pid, wire_process &record)
{
	char buffer[1024];
	proc::Process process;

	errno = 0;
	if (!proc::parse_stat(reader_.read_stat(pid, nullptr, buffer, sizeof(buffer)), process))
		return false;
	process.record.head.pid = pid;
	process.record.head.time = boot_ns();
	reader_.read_owner(process);
	reader_.read_namespaces(process);
	record = process.record;
	return true;
}

void ProcOnlyProcesses::align(wire_head &record) const
{
	if (proc_only_.empty())
		return;
	align(record.pid, record.start);
	if (record.type != WIRE_SIGNAL)
		return;
	auto &signal = reinterpret_cast<wire_signal &>(record);
	align(signal.target_pid, signal.target_start);
}

void ProcOnlyProcesses::align(uint32_t pid, __u64 &start) const
{
	for (const wire_process &process : proc_only_)
		if (process.head.pid == pid && start / tick_ns() == process.head.start / tick_ns())
			start = process.head.start;
}

} // namespace ebtop::bpf
