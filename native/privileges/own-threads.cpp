// SPDX-License-Identifier: GPL-2.0-only
#include "own-threads.h"

#include <fcntl.h>

#include "../proc/directory.h"

namespace ebtop {

OwnedFd open_own_tasks()
{
	return OwnedFd(open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

std::vector<uint32_t> own_threads(const OwnedFd &tasks)
{
	std::vector<uint32_t> tids;

	if (tasks.is_open())
		proc::list_numbers(tasks.get(), tids);
	return tids;
}

} // namespace ebtop
