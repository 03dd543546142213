// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/proc-only-processes.h"

#include "../proc/directory.h"
#include "clock.h"

namespace ebtop::bpf {

void ProcOnlyProcesses::find(const Starts &met, uint64_t began_ns)
{
	std::vector<uint32_t> in_proc;

	proc::list_numbers(table_.proc_dir(), in_proc);
	for (uint32_t pid : in_proc) {
		if (met.contains(pid))
			continue;
		proc::Process *process = table_.look_up(pid);
		if (process && process->record.head.start + tick_ns() < began_ns)
			proc_only_.push_back(process->record.head);
	}
}

void ProcOnlyProcesses::visit(Batch &batch, Names &names, const std::function<void(const wire_process &)> &each)
{
	std::erase_if(proc_only_, [&](const wire_head &head) {
		proc::Process *process = table_.look_up(head.pid);
		if (!process || process->record.head.start != head.start)
			return true;
		wire_process record = process->record;
		record.cgroup = names.process_cgroup(batch, head.pid);
		each(record);
		return false;
	});
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
	for (const wire_head &head : proc_only_)
		if (head.pid == pid && start / tick_ns() == head.start / tick_ns())
			start = head.start;
}

} // namespace ebtop::bpf
