// SPDX-License-Identifier: GPL-2.0-only
// What ProcessTable sends about one process.
#include "process-table.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <unistd.h>

#include "../clock.h"
#include "../same-state.h"
#include "../program-text.h"
#include "../text-file.h"
#include "object-kind.h"

namespace ebtop::proc {

void ProcessTable::append_process(Batch &batch, Process &process)
{
	bool has_news = process.is_new || process.has_new_image;
	wire_process &record = process.record;

	if (has_news || !record.cgroup || is_turn(process.pid(), place_passes)) {
		char path[32];
		char buffer[16 * 1024];
		snprintf(path, sizeof(path), "%u/cgroup", process.pid());
		take_cgroup(batch, process, read_file(proc_.get(), path, buffer));
	}
	if (is_turn(process.pid(), owner_passes))
		names_.user(record.uid);
	if (has_news || process.is_due || !is_same_state(record, process.sent)) {
		process.is_due = false;
		process.sent = record;
		batch.append(WIRE_PROCESS, record);
	}
	if (has_news)
		append_details(batch, process);
	bool is_from_before = has_news && pass_ == 1;
	if (process.has_run && !is_from_before && !(record.flags & WIRE_PROCESS_KTHREAD))
		titles_.on_awake(record.head);
	if (options_.concerns & (CONCERN_PROCESS | CONCERN_FILE))
		read_io_in_turn(process);
}

void ProcessTable::take_cgroup(Batch &batch, Process &process, std::string_view text)
{
	if (!text.empty())
		process.record.cgroup = names_.cgroup_of(batch, text);
}

void ProcessTable::append_details(Batch &batch, Process &process)
{
	static thread_local char args[WIRE_ARGS_MAX + 1];
	char link[WIRE_PATH_MAX];
	char path[32];

	snprintf(path, sizeof(path), "%u/exe", process.pid());
	ssize_t len = readlinkat(proc_.get(), path, link, sizeof(link));
	snprintf(path, sizeof(path), "%u/cmdline", process.pid());
	append_program(batch, process, std::string_view(link, std::max<ssize_t>(len, 0)),
		       options_.no_args ? std::string_view() : read_file(proc_.get(), path, args));
}

void ProcessTable::append_program(Batch &batch, Process &process, std::string_view exe, std::string_view args)
{
	names_.user(process.record.uid);
	titles_.on_args(process.record.head, args);
	append_exe(batch, process, exe);
	ebtop::append_args(batch, process.record.head, args);
	if (process.has_new_image) // perhaps another user: what was refused may be allowed now
		process.is_io_denied = process.is_fds_denied = process.is_maps_denied = process.is_call_denied = false;
	process.is_new = process.has_new_image = false;
}

void ProcessTable::append_exe(Batch &batch, const Process &process, std::string_view link) const
{
	wire_text record{};

	if (link.empty())
		return; // a kernel thread, or of another user
	record.head = process.record.head;
	record.flags = take_deleted(link) ? WIRE_TEXT_DELETED : 0;
	record.len = record.total = link.size();
	batch.append(WIRE_EXE, record, link);
}

void ProcessTable::read_io_in_turn(Process &process)
{
	if (process.is_io_denied || process.record.flags & WIRE_PROCESS_KTHREAD)
		return;
	// Beyond the budget those take turns of which only the first thread is known to have slept.
	bool is_due = process.has_run || !process.io.is_known();
	if (!is_due && (io_budget_ == 0 || !process.has_threads()))
		return;
	io_budget_ -= !is_due;
	read_io(process);
}

void ProcessTable::read_io(Process &process)
{
	auto result =
		process.io.read(proc_.get(), process.pid(), process.record.threads > 1, process.record.head.start >= began_ns_);
	process.is_io_denied = result == IoCounters::Result::denied;
}

void ProcessTable::append_io(Batch &batch)
{
	io_denied_ = 0;
	for (Process *process : wanted_) {
		io_denied_ += process->is_io_denied;
		const IoNumbers &total = process->io.total();
		append_disk_sum(batch, *process);
		const IoNumbers &files = process->io_of_files;
		wire_spill record{};
		record.reads = total.reads;
		record.writes = total.writes;
		record.read_bytes = total.read_bytes - files.read_bytes;
		record.write_bytes = total.write_bytes - files.write_bytes;
		IoNumbers rest{.read_bytes = record.read_bytes,
			       .write_bytes = record.write_bytes,
			       .reads = record.reads,
			       .writes = record.writes};
		if (rest == process->io_sent)
			continue;
		process->io_sent = rest;
		record.head = process->record.head;
		batch.append(WIRE_SPILL, record);
	}
}

void ProcessTable::append_disk_sum(Batch &batch, Process &process)
{
	const IoNumbers &total = process.io.total();
	std::pair<uint64_t, uint64_t> now{total.disk_read_bytes, total.disk_write_bytes};
	wire_disk_sum record{};

	if (!process.io.is_known() || process.disk_sent == now)
		return;
	process.disk_sent = now;
	record.head = process.record.head;
	record.read_bytes = now.first;
	record.write_bytes = now.second;
	batch.append(WIRE_DISK_SUM, record);
}

} // namespace ebtop::proc
