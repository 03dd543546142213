// SPDX-License-Identifier: GPL-2.0-only
#include "process-table.h"

#include <cerrno>
#include <cstring>

#include "../clock.h"
#include "../shortage.h"

namespace ebtop::proc {

constexpr char unknown_comm[] = "?";

ProcessTable::ProcessTable(const SourceOptions &options)
	: began_ns_(boot_ns()), names_(options, began_ns_), pids_(reader_.proc_dir())
{
}

const Process *ProcessTable::find(uint32_t pid) const
{
	auto at = processes_.find(pid);

	return at == processes_.end() ? nullptr : &at->second;
}

Process *ProcessTable::known(uint32_t pid)
{
	auto at = processes_.find(pid);

	return at == processes_.end() ? nullptr : &at->second;
}

Process &ProcessTable::obtain(uint32_t pid)
{
	auto [at, is_new] = processes_.try_emplace(pid);
	Process &process = at->second;

	if (!is_new)
		return process;
	if (free_places_.empty()) {
		process.place = places_++;
	} else {
		process.place = free_places_.back();
		free_places_.pop_back();
	}
	process.serial = ++last_serial_;
	return process;
}

// The pid was reused.
void ProcessTable::renew(Process &process)
{
	uint32_t place = process.place;

	process = Process{};
	process.place = place;
	process.serial = ++last_serial_;
}

Process *ProcessTable::read(uint32_t pid)
{
	char buffer[1024];
	Process *process = known(pid);
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
	Process &child = obtain(pid);
	if (earlier)
		renew(child);
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
	Process &known = obtain(pid);
	wire_process before = known.record;
	uint64_t image = known.image;

	if (!parse_stat(text, known))
		return nullptr;
	if (before.head.start != 0 && before.head.start != known.record.head.start) {
		renew(known);
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
		at = at->record.ppid ? known(at->record.ppid) : nullptr;
	}
	return false;
}

} // namespace ebtop::proc
