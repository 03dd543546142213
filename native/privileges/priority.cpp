// SPDX-License-Identifier: GPL-2.0-only
#include "priority.h"

#include <cstdio>
#include <fcntl.h>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>

#include "../command/signals.h"
#include "../owned-fd.h"
#include "../text-file.h"
#include "own-threads.h"

namespace ebtop {

namespace {

constexpr int USUAL = 0;
// Three times the share of a usual thread: sched_prio_to_weight in kernel/sched/core.c.
constexpr int RAISED = -5;

// No other program gets it, since after the lock-down none can be started.
void raise_threads()
{
	for (uint32_t tid : own_threads(open_own_tasks()))
		if (getpriority(PRIO_PROCESS, tid) == USUAL)
			setpriority(PRIO_PROCESS, tid, RAISED);
}

// Or the session of the sudo that started it. Only then does a session's priority not outlive ebtop.
bool has_session_of_its_own()
{
	pid_t leader = getsid(0);
	char path[32], buffer[32];

	if (leader == getpid())
		return true;
	if (leader != getppid())
		return false;
	snprintf(path, sizeof(path), "/proc/%d/comm", leader);
	return read_once(AT_FDCWD, path, buffer) == "sudo\n";
}

// With CONFIG_SCHED_AUTOGROUP, threads of different sessions share the CPUs by the priorities of their sessions; that of a
// thread counts within its session only (kernel/sched/autogroup.c). Not if a command runs in it too.
void raise_session()
{
	char buffer[64];

	if (!has_session_of_its_own() || command_pid() != 0)
		return;
	OwnedFd file(open("/proc/self/autogroup", O_RDWR | O_CLOEXEC));
	if (!file.is_open())
		return; // the kernel has no such groups
	std::string_view text = read_again(file.get(), buffer);
	if (!text.ends_with(" nice 0\n"))
		return;
	dprintf(file.get(), "%d", RAISED);
}

} // namespace

void raise_priority()
{
	raise_threads();
	raise_session();
}

} // namespace ebtop
