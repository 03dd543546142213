// SPDX-License-Identifier: GPL-2.0-only
#include "process-store.h"

namespace ebtop::proc {

Process *ProcessStore::find(uint32_t pid)
{
	auto at = processes_.find(pid);

	return at == processes_.end() ? nullptr : &at->second;
}

Process &ProcessStore::obtain(uint32_t pid)
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

void ProcessStore::renew(Process &process)
{
	uint32_t place = process.place;

	process = Process{};
	process.place = place;
	process.serial = ++last_serial_;
}

} // namespace ebtop::proc
