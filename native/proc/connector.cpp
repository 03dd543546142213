// SPDX-License-Identifier: GPL-2.0-only
#include "connector.h"

#include <cstring>

namespace ebtop::proc {

void Connector::drain(Batch &batch)
{
	for (const ProcessEvent &event : reader_.take()) {
		switch (event.type) {
		case ProcessEvent::Type::fork:
			fork(batch, event);
			break;
		case ProcessEvent::Type::exec:
			exec(batch, event);
			break;
		case ProcessEvent::Type::exit:
			exit(batch, event);
			break;
		}
	}
}

void Connector::fork(Batch &batch, const ProcessEvent &event)
{
	const Process *child = processes_.add_forked(event.pid, event.parent, event.time, event.stat);

	if (!child) // of a user whose processes are hidden
		return;
	forks_++;
	if (!processes_.is_wanted(*child))
		return;
	wire_process record = child->record;
	record.head.time = event.time;
	record.starter = event.parent;
	batch.append(WIRE_FORK, record);
}

void Connector::exec(Batch &batch, const ProcessEvent &event)
{
	const Process *process = processes_.update(event.pid, event.stat);

	if (!process)
		return;
	if (event.stat.empty()) // its current name belongs to the previous program
		processes_.forget_comm(*process);
	execs_++;
	if (!processes_.is_wanted(*process))
		return;
	uint64_t cgroup = process->record.cgroup;
	records_.take_cgroup(batch, *process, event.cgroup);
	if (process->record.cgroup != cgroup) { // the next pass may be too late
		wire_process moved = process->record;
		moved.head.time = event.time;
		batch.append(WIRE_PROCESS, moved);
	}
	wire_exec record{};
	record.head = process->record.head;
	record.head.time = event.time;
	record.ppid = process->record.ppid;
	record.uid = process->record.uid;
	record.gid = process->record.gid;
	memcpy(record.comm, process->record.comm, sizeof(record.comm));
	batch.append(WIRE_EXEC, record);
	records_.append_program(batch, *process, event.exe, event.args);
}

void Connector::exit(Batch &batch, const ProcessEvent &event)
{
	const Process *process = processes_.update(event.pid, event.stat);

	if (!process)
		return;
	// If other threads still run, the process is alive: the status of its leader is not that of the process.
	if (!event.stat.empty() && process->record.threads > 1)
		return;
	if (!processes_.is_wanted(*process))
		return;
	processes_.want_again(*process); // it may remain as a zombie; then the next pass corrects this record
	wire_exit record{};
	record.head = process->record.head;
	record.head.time = event.time;
	record.ppid = process->record.ppid;
	record.uid = process->record.uid;
	memcpy(record.comm, process->record.comm, sizeof(record.comm));
	record.duration_ns = event.time > record.head.start ? event.time - record.head.start : 0;
	record.cpu_ns = process->record.cpu_ns;
	record.code = event.exit_code >> 8 & 0xff;
	record.signal = event.exit_code & 0x7f;
	record.flags = event.exit_code & 0x80 ? WIRE_EXIT_CORE : 0;
	batch.append(WIRE_EXIT, record);
}

} // namespace ebtop::proc
