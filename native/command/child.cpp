// SPDX-License-Identifier: GPL-2.0-only
#include "command/child.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <unistd.h>

namespace ebtop {
namespace {

bool become_user(const CommandPlan &plan)
{
	if (!plan.is_other_user)
		return true;
	return setgroups(plan.groups.size(), plan.groups.data()) == 0 && setgid(plan.gid) == 0 && setuid(plan.uid) == 0;
}

void stand_apart(int output)
{
	int nothing = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	dup2(nothing, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	if (nothing > STDERR_FILENO)
		close(nothing);
}

// Handlers are reset by exec, but ignored signals stay ignored: Node ignores SIGPIPE.
void restore_signals()
{
	sigset_t none;

	for (int signal = 1; signal < NSIG; signal++)
		::signal(signal, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Node marks all descriptors that it inherited as close-on-exec.
void keep_open(const CommandPlan &plan)
{
	for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
		fcntl(fd, F_SETFD, 0);
	for (int fd : plan.descriptors)
		fcntl(fd, F_SETFD, 0);
}

} // namespace

void become_command(const CommandPlan &plan, int word, int problem)
{
	char byte;
	int error = 0;

	restore_signals();
	keep_open(plan);
	if (plan.is_apart)
		stand_apart(plan.output);
	if (read(word, &byte, 1) == 1) {			 // else ebtop is gone
		environ = const_cast<char **>(plan.envp.data()); // searched for by its PATH
		if (become_user(plan))
			execvp(plan.argv[0], plan.argv.data());
		error = errno;
		if (write(problem, &error, sizeof(error)) < 0)
			error = 0; // no reader is left
	}
	_exit(125);
}

} // namespace ebtop
