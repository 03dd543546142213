// Starts a program COUNT times, one after the other, and prints microseconds of CPU time per process, its own and its
// children's. Usage: storm PROGRAM COUNT vfork|spawn. With vfork: vfork, exec, exit, wait. With spawn: by posix_spawn,
// which in glibc also sets each of the 64 signals.
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static double used_us(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static double now_us(void)
{
	return used_us(RUSAGE_SELF) + used_us(RUSAGE_CHILDREN);
}

static pid_t by_vfork(char **child_argv)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execve(child_argv[0], child_argv, environ);
		_exit(127);
	}
	return pid;
}

static pid_t by_spawn(char **child_argv)
{
	pid_t pid;

	return posix_spawn(&pid, child_argv[0], NULL, NULL, child_argv, environ) == 0 ? pid : -1;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;

	char *child_argv[] = { argv[1], NULL };
	int count = atoi(argv[2]);
	pid_t (*start_program)(char **) = strcmp(argv[3], "spawn") == 0 ? by_spawn : by_vfork;
	double start = now_us();

	for (int i = 0; i < count; i++) {
		int status;
		pid_t pid = start_program(child_argv);

		if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
			return 1;
	}
	printf("%.2f\n", (now_us() - start) / count);
	return 0;
}
