// SPDX-License-Identifier: GPL-2.0-only
#include "process-records.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

#include "../append-pass.h"
#include "../clock.h"
#include "../program-text.h"
#include "../same-state.h"
#include "../text-file.h"
#include "object-kind.h"

namespace ebtop::proc {

ProcessRecords::ProcessRecords(ProcessTable &processes, const SourceOptions &options)
	: processes_(processes), no_args_(options.no_args), titles_(processes.proc_dir(), options.no_args)
{
}

void ProcessRecords::append_pass(Batch &batch)
{
	bool is_first = processes_.is_first_pass();

	sent_.release(processes_.released());
	if (is_first)
		ebtop::append_pass(batch, WIRE_PASS_PROCESSES, false);
	for (const Process *process : processes_.missed())
		append_gone(batch, *process);
	for (const Process *process : processes_.wanted())
		if (processes_.was_read(*process))
			append_process(batch, *process);
	if (is_first)
		ebtop::append_pass(batch, WIRE_PASS_PROCESSES, true);
	titles_.append(batch);
}

void ProcessRecords::append_gone(Batch &batch, const Process &process)
{
	titles_.on_exit(process.record.head);
	wire_process record = process.record;
	record.state = 'X';
	record.head.time = boot_ns();
	batch.append(WIRE_PROCESS, record);
}

void ProcessRecords::append_process(Batch &batch, const Process &process)
{
	bool has_news = process.is_new || process.has_new_image;
	const wire_process &record = process.record;

	if (has_news || !record.cgroup || processes_.is_turn(process, ProcessTable::place_passes)) {
		char path[32];
		char buffer[16 * 1024];
		snprintf(path, sizeof(path), "%u/cgroup", process.pid());
		take_cgroup(batch, process, read_file(processes_.proc_dir(), path, buffer));
	}
	if (processes_.is_turn(process, ProcessTable::owner_passes))
		names_.user(record.uid);
	wire_process &sent = sent_[process];
	if (has_news || process.is_due || !is_same_state(record, sent)) {
		processes_.note_state_sent(process);
		sent = record;
		batch.append(WIRE_PROCESS, record);
	}
	if (has_news)
		append_details(batch, process);
	bool is_from_before = has_news && processes_.is_first_pass();
	if (process.has_run && !is_from_before && !process.is_kernel_thread())
		titles_.on_awake(record.head);
}

void ProcessRecords::take_cgroup(Batch &batch, const Process &process, std::string_view text)
{
	if (!text.empty())
		processes_.set_cgroup(process, names_.cgroup_of(batch, text));
}

void ProcessRecords::append_details(Batch &batch, const Process &process)
{
	static thread_local char args[WIRE_ARGS_MAX + 1];
	char link[WIRE_PATH_MAX];
	char path[32];

	snprintf(path, sizeof(path), "%u/exe", process.pid());
	ssize_t len = readlinkat(processes_.proc_dir(), path, link, sizeof(link));
	snprintf(path, sizeof(path), "%u/cmdline", process.pid());
	append_program(batch, process, std::string_view(link, std::max<ssize_t>(len, 0)),
		       no_args_ ? std::string_view() : read_file(processes_.proc_dir(), path, args));
}

void ProcessRecords::append_program(Batch &batch, const Process &process, std::string_view exe, std::string_view args)
{
	names_.user(process.record.uid);
	titles_.on_args(process.record.head, args);
	append_exe(batch, process, exe);
	ebtop::append_args(batch, process.record.head, args);
	processes_.note_program_sent(process);
}

void ProcessRecords::append_exe(Batch &batch, const Process &process, std::string_view link)
{
	wire_text record{};

	if (link.empty())
		return; // a kernel thread, or another user's process
	record.head = process.record.head;
	record.flags = take_deleted(link) ? WIRE_TEXT_DELETED : 0;
	record.len = record.total = link.size();
	batch.append(WIRE_EXE, record, link);
}

} // namespace ebtop::proc
