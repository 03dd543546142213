// SPDX-License-Identifier: GPL-2.0
// Children that all get the same pid, one after the other, as if pids had wrapped around. Arguments: FOLDER SIZE…; the child
// with the number N writes SIZE bytes to FOLDER/N. Ends with 77 where the kernel does not let pids be chosen.
#include "role.h"
#include <linux/sched.h>
#include <sys/wait.h>

static pid_t fork_as(pid_t pid)
{
	struct clone_args args = {.exit_signal = SIGCHLD, .set_tid = pid ? (unsigned long)&pid : 0, .set_tid_size = pid != 0};

	return syscall(SYS_clone3, &args, sizeof(args));
}

static void write_bytes(int number, int size)
{
	char name[32], bytes[1024] = {0};
	int fd;

	snprintf(name, sizeof(name), "eb-same%d", number);
	become(name);
	snprintf(name, sizeof(name), "%d", number);
	fd = CHECK(open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644));
	if (write(fd, bytes, size) != size)
		fail("write");
	_exit(0);
}

int main(int argc, char **argv)
{
	pid_t pid = 0;

	CHECK(chdir(argv[1]));
	for (int i = 2; i < argc; i++) {
		pid_t child = fork_as(pid);

		if (child < 0)
			return pid ? 77 : 1;
		if (child == 0)
			write_bytes(i - 2, atoi(argv[i]));
		pid = child;
		CHECK(waitpid(child, NULL, 0));
	}
	return 0;
}
