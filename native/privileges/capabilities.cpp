// SPDX-License-Identifier: GPL-2.0-only
#include "capabilities.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <set>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../text-file.h"
#include "own-threads.h"

namespace ebtop {

namespace {

struct Known {
	int number;
	const char *name;
};

constexpr Known known[] = {
	{CAP_DAC_OVERRIDE, "cap_dac_override"},
	{CAP_DAC_READ_SEARCH, "cap_dac_read_search"},
	{CAP_NET_ADMIN, "cap_net_admin"},
	{CAP_IPC_OWNER, "cap_ipc_owner"},
	{CAP_SYS_PTRACE, "cap_sys_ptrace"},
	{CAP_SYS_ADMIN, "cap_sys_admin"},
	{CAP_PERFMON, "cap_perfmon"},
	{CAP_BPF, "cap_bpf"},
	{CAP_KILL, "cap_kill"},
};

// A signal that nothing else here uses.
const int signal_number = SIGRTMAX - 2;
constexpr int patience_us = 1'000'000; // microseconds to wait for one thread
constexpr int blocked_us = 50'000;     // for one that blocks the signal
constexpr int step_us = 20;
constexpr int rounds_max = 16; // threads may start others meanwhile

// For the signal handler, which may use neither thread-local memory nor locks.
CapabilitySet wanted, wanted_more;
int wanted_more_tid;
std::atomic<int> answered;

long set_capabilities(CapabilitySet set)
{
	__user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
	__user_cap_data_struct data[2]{};

	for (int half = 0; half < 2; half++)
		data[half].effective = data[half].permitted = set >> (32 * half);
	return syscall(SYS_capset, &head, data);
}

// Capabilities are per thread: each thread must drop its own.
void drop_own(int)
{
	int error = errno;
	int tid = int(syscall(SYS_gettid));

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	for (int number = 0; prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0; number++)
		prctl(PR_CAPBSET_DROP, number, 0, 0, 0); // needs CAP_SETPCAP; without it the bounding set stays
	set_capabilities(own_capabilities() & (tid == wanted_more_tid ? wanted | wanted_more : wanted));
	answered.store(tid);
	errno = error;
}

bool is_blocking(int tasks, uint32_t tid)
{
	char path[32], buffer[4096];

	snprintf(path, sizeof(path), "%u/status", tid);
	return number_after(read_once(tasks, path, buffer), "\nSigBlk:", 16) >> (signal_number - 1) & 1;
}

// False if the thread does not answer. A thread that is gone need not. One that has just started, or that is starting
// another, blocks all signals for a moment and handles this one later.
bool ask(int tasks, uint32_t tid)
{
	answered.store(0);
	if (syscall(SYS_tgkill, getpid(), tid, signal_number) != 0)
		return errno == ESRCH;
	for (int waited = 0; waited < patience_us; waited += step_us) {
		if (answered.load() == int(tid) || syscall(SYS_tgkill, getpid(), tid, 0) != 0)
			return true;
		if (waited >= blocked_us && is_blocking(tasks, tid))
			return false;
		usleep(step_us);
	}
	return false;
}

} // namespace

CapabilitySet own_capabilities()
{
	__user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
	__user_cap_data_struct data[2]{};

	syscall(SYS_capget, &head, data);
	return data[0].permitted | CapabilitySet(data[1].permitted) << 32;
}

bool give_away_own(CapabilitySet set)
{
	return set_capabilities(own_capabilities() & ~set) == 0;
}

std::string capability_name(int number)
{
	for (const Known &one : known)
		if (one.number == number)
			return one.name;
	return "cap_" + std::to_string(number);
}

std::string drop_capabilities(CapabilitySet keep, int more_tid, CapabilitySet more)
{
	struct sigaction action {
	}, ignore{};
	OwnedFd tasks = open_own_tasks();
	std::set<uint32_t> done;
	size_t silent = 0;
	bool is_new = tasks.is_open();

	wanted = keep;
	wanted_more = more;
	wanted_more_tid = more_tid;
	action.sa_handler = drop_own;
	action.sa_flags = SA_RESTART;
	sigfillset(&action.sa_mask);
	sigaction(signal_number, &action, nullptr);
	for (int round = 0; is_new && round < rounds_max; round++) {
		is_new = false;
		for (uint32_t tid : own_threads(tasks)) {
			if (!done.insert(tid).second)
				continue;
			is_new = true;
			bool has_answered = ask(tasks.get(), tid) || ask(tasks.get(), tid); // a late answer may hide the next
			silent += !has_answered;
		}
	}
	ignore.sa_handler = SIG_IGN; // drops signals that are still pending: they would end the program
	sigaction(signal_number, &ignore, nullptr);
	if (done.empty())
		return "/proc does not list the threads, so all keep their capabilities.";
	if (!silent)
		return {};
	return std::to_string(silent) +
	       (silent == 1 ? " thread did not answer and keeps its" : " threads did not answer and keep their") +
	       " capabilities.";
}

} // namespace ebtop
