// SPDX-License-Identifier: GPL-2.0-only
#include "process-table.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "../clock.h"
#include "../shortage.h"

namespace ebtop::proc {

constexpr char unknown_comm[] = "?";

ProcessTable::ProcessTable(const SourceOptions &options)
	: began_ns_(boot_ns()), names_(options, began_ns_), pids_(reader_.proc_dir())
{
}

bool ProcessTable::pass()
{
	pass_++;
	shortage_ = 0;
	processes_.forget_released();
	missed_.clear();
	hides_others_ = faccessat(reader_.proc_dir(), "1/stat", R_OK, 0) != 0;
	if (!pids_.update()) {
		shortage_ = errno;
		return false;
	}
	wanted_.clear();
	pids_.keep([this](uint32_t pid) { return refresh(pid) || shortage_; });
	forget_gone();
	for (uint32_t pid : pids_.all()) {
		Process *process = processes_.find(pid);
		if (process && process->pass == pass_ && check_wanted(*process))
			wanted_.push_back(process);
	}
	reader_.begin_count();
	each([this](const Process &process) { reader_.count(process); });
	return true;
}

// The process as it is now, nullptr if it is gone or hidden. Most processes sleep: one with a single thread that did not
// run since the last pass has not changed, except for what others can change, which is read in turns, and for its parent
// (see find_new_parents).
Process *ProcessTable::refresh(uint32_t pid)
{
	Process *known = processes_.find(pid);

	if (!known || !known->looks) {
		Process *process = read(pid);
		if (process && ++process->looks)
			reader_.read_pulse(*process);
		return process;
	}
	uint64_t before = known->pulse;
	bool has_pulse = reader_.read_pulse(*known) && before;
	bool has_slept = has_pulse && known->pulse == before && known->record.state != 'R';
	// It may have run between the first reads of stat and schedstat, which are made in this order.
	bool is_second = known->looks == 1;
	known->looks = 2;
	if (has_slept && !is_second && !known->is_due && !known->has_threads() && !known->has_new_image &&
	    !is_turn(pid, place_passes)) {
		known->pass = pass_;
		known->has_run = false;
		return known;
	}
	if (!has_slept)
		known->ran_ns = boot_ns();
	known->may_have_new_owner |= !has_slept || known->has_threads();
	known->may_have_new_place |= !has_slept || known->has_threads();
	Process *process = read(pid);
	if (process)
		process->has_run |= has_pulse && !has_slept;
	return process;
}

bool ProcessTable::has_slept_since(const Process &asked, uint64_t time_ns)
{
	Process &process = own(asked);
	uint64_t before = process.pulse;

	if (process.has_threads() || process.ran_ns >= time_ns || !before || !reader_.read_pulse(process))
		return false;
	bool has_slept = process.pulse == before;
	process.pulse = before; // the next pass must see it too
	return has_slept;
}

void ProcessTable::forget_gone()
{
	bool is_any_gone = false;

	processes_.each([&](Process &process) {
		if (process.pass + 1 != pass_)
			return;
		is_any_gone = true;
		if (check_wanted(process))
			missed_.push_back(&process);
	});
	// A process is kept for one pass after its end: the event of its exit may come after the pass that missed it.
	processes_.drop([this](const Process &process) { return process.pass + 1 < pass_; });
	if (is_any_gone)
		find_new_parents();
}

// Reads processes again whose parent is gone.
void ProcessTable::find_new_parents()
{
	for (uint32_t pid : pids_.all()) {
		const Process *process = find(pid);
		if (!process || process->stat_pass == pass_)
			continue;
		const Process *parent = find(process->record.ppid);
		if (!parent || parent->pass != pass_ || parent->record.head.start > process->record.head.start)
			read(pid);
	}
}

Process *ProcessTable::read(uint32_t pid)
{
	char buffer[1024];
	Process *process = processes_.find(pid);
	std::string_view text = reader_.read_stat(pid, process, buffer, sizeof(buffer));

	if (!text.empty())
		return apply_stat(pid, text);
	if (!is_shortage(errno))
		return nullptr;
	shortage_ = errno;
	if (process)
		process->pass = pass_;
	return process;
}

const Process *ProcessTable::update(uint32_t pid, std::string_view stat)
{
	return stat.empty() ? find(pid) : apply_stat(pid, stat);
}

void ProcessTable::forget_comm(const Process &process)
{
	memcpy(own(process).record.comm, unknown_comm, sizeof(unknown_comm));
}

void ProcessTable::note_program_sent(const Process &process)
{
	Process &sent = own(process);

	sent.program += sent.has_new_image;
	sent.is_new = sent.has_new_image = false;
}

const Process *ProcessTable::add_forked(uint32_t pid, uint32_t parent_pid, uint64_t time, std::string_view stat)
{
	const Process *parent = find(parent_pid);
	const Process *earlier = find(pid);

	if (earlier && earlier->pass == pass_ && earlier->record.head.start + tick_ns() > time)
		return earlier; // a pass saw it first
	if (!parent && stat.empty())
		return nullptr;
	wire_process inherited = parent ? parent->record : wire_process{};
	bool is_wanted = parent && parent->is_wanted;
	Process &child = processes_.obtain(pid);
	if (earlier)
		processes_.renew(child);
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
	Process &known = processes_.obtain(pid);
	wire_process before = known.record;
	uint64_t image = known.image;

	if (!parse_stat(text, known))
		return nullptr;
	if (before.head.start != 0 && before.head.start != known.record.head.start) {
		processes_.renew(known);
		parse_stat(text, known);
	}
	known.has_new_image |= image != known.image || memcmp(before.comm, known.record.comm, sizeof(before.comm)) != 0;
	known.pass = known.stat_pass = pass_;
	known.record.head.pid = pid;
	known.record.head.time = boot_ns();
	bool has_news = known.is_new || known.has_new_image;
	if (has_news || (known.may_have_new_owner && is_turn(pid, owner_passes)))
		reader_.read_owner(known);
	if (has_news || (known.may_have_new_place && is_turn(pid, place_passes)))
		reader_.read_namespaces(known);
	return &known;
}

bool ProcessTable::check_wanted(Process &process)
{
	if (names_.are_all())
		return true;
	// Descendants stay wanted when the named ancestor is gone, so each is marked itself.
	Process *at = &process;
	for (int depth = 0; at && depth < 256; depth++) {
		if (at->is_wanted || names_.match(*at))
			return process.is_wanted = true;
		at = at->record.ppid ? processes_.find(at->record.ppid) : nullptr;
	}
	return false;
}

} // namespace ebtop::proc
