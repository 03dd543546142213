// SPDX-License-Identifier: GPL-2.0-only
#include "command/signals.h"

#include <atomic>
#include <cerrno>
#include <csignal>

namespace ebtop {
namespace {

constexpr int passed_on[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT};
struct sigaction earlier[NSIG];
std::atomic<pid_t> current{0};

void pass_on(int signal, siginfo_t *info, void *)
{
	pid_t pid = current;
	int error = errno;

	if (!pid || info->si_pid != pid)
		if (earlier[signal].sa_handler != SIG_DFL && earlier[signal].sa_handler != SIG_IGN)
			earlier[signal].sa_handler(signal); // libuv's handler
	if (pid && info->si_code <= 0 && info->si_pid != pid)
		kill(pid, signal);
	errno = error;
}

} // namespace

pid_t command_pid()
{
	return current;
}

void set_command_pid(pid_t pid)
{
	current = pid;
}

void pass_signals_on()
{
	struct sigaction action = {};
	sigset_t set;

	sigemptyset(&set);
	action.sa_sigaction = pass_on;
	action.sa_flags = SA_SIGINFO | SA_RESTART;
	sigfillset(&action.sa_mask);
	for (int signal : passed_on) {
		sigaction(signal, &action, &earlier[signal]);
		sigaddset(&set, signal);
	}
	sigprocmask(SIG_UNBLOCK, &set, nullptr); // Node blocks SIGUSR1 so that it opens no debugger
}

} // namespace ebtop
