// SPDX-License-Identifier: GPL-2.0-only
// One pass over all processes: which exist, which ran, which are gone.
#include "process-table.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "../clock.h"

namespace ebtop::proc {

bool ProcessTable::pass()
{
	pass_++;
	shortage_ = 0;
	released_.clear();
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
		Process *process = known(pid);
		if (process && process->pass == pass_ && check_wanted(*process))
			wanted_.push_back(process);
	}
	reader_.begin_count();
	for (const auto &[pid, process] : processes_)
		reader_.count(process);
	return true;
}

// The process as it is now, nullptr if it is gone or hidden. Most processes sleep: one with a single thread that did not
// run since the last pass has not changed, except for what others can change, which is read in turns, and for its parent
// (see find_new_parents).
Process *ProcessTable::refresh(uint32_t pid)
{
	Process *known = this->known(pid);

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

	for (auto &[pid, process] : processes_) {
		if (process.pass + 1 != pass_)
			continue;
		is_any_gone = true;
		if (check_wanted(process))
			missed_.push_back(&process);
	}
	// A process is kept for one pass after its end: the event of its exit may come after the pass that missed it.
	std::erase_if(processes_, [this](const auto &entry) {
		bool is_over = entry.second.pass + 1 < pass_;
		if (is_over)
			released_.push_back(entry.second.place);
		return is_over;
	});
	free_places_.insert(free_places_.end(), released_.begin(), released_.end());
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

} // namespace ebtop::proc
