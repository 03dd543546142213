// SPDX-License-Identifier: GPL-2.0-only
#include "pid-list.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../text-file.h"
#include "directory.h"

namespace ebtop::proc {

namespace {

constexpr uint64_t full_updates =
	16;			  // a pid may be chosen (clone3, as CRIU does), so a new one need not be the last one allocated
constexpr uint64_t pids_at = 258; // the offset of pid 0 in /proc; only used after a check

} // namespace

PidList::PidList(int proc_dir) : proc_(proc_dir), load_(openat(proc_dir, "loadavg", O_RDONLY | O_CLOEXEC))
{
	struct statfs status {};
	char self[16] = {};

	// The file shows this process's own pid namespace, and some containers mount another one there.
	bool is_own = readlinkat(proc_dir, "self", self, sizeof(self) - 1) > 0 && Cursor(self).number() == uint64_t(getpid());
	if (!is_own || (load_.is_open() && (fstatfs(load_.get(), &status) != 0 || status.f_type != PROC_SUPER_MAGIC)))
		load_.reset();
}

bool PidList::update()
{
	uint32_t last = last_pid(); // before the list: a process that starts meanwhile is found the next time
	bool is_full = updates_++ % full_updates == 0 || !last || !can_seek_ || last < last_;

	if (is_full) {
		if (!list_all())
			return false;
		can_seek_ = can_seek();
	} else if (last > last_) {
		auto first = std::upper_bound(pids_.begin(), pids_.end(), last_);
		if (!list_numbers(proc_, younger_, pids_at + last_ + 1))
			return false;
		pids_.erase(first, pids_.end());
		pids_.insert(pids_.end(), younger_.begin(), younger_.end());
	}
	last_ = last;
	return true;
}

bool PidList::list_all()
{
	return list_numbers(proc_, pids_, 0) && !pids_.empty();
}

// Whether the list can be read from a given pid on: tested with the last one.
bool PidList::can_seek()
{
	uint32_t youngest = pids_.back();

	return list_numbers(proc_, younger_, pids_at + youngest) && !younger_.empty() && younger_.front() == youngest;
}

uint32_t PidList::last_pid() const
{
	char buffer[128];

	if (!load_.is_open())
		return 0;
	Cursor fields(read_again(load_.get(), buffer));
	for (int i = 0; i < 4; i++) // three averages, tasks
		fields.word();
	return fields.number();
}

} // namespace ebtop::proc
