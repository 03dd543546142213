// Starts a program COUNT times, one after the other (vfork, exec, exit, wait), and prints microseconds of CPU time per
// process, its own and its children's. Usage: storm PROGRAM COUNT
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

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

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[2]) : 1000;
	double start = now_us();

	if (argc < 2)
		return 2;
	for (int i = 0; i < count; i++) {
		char *child_argv[] = { argv[1], NULL };
		pid_t pid;

		if (posix_spawn(&pid, argv[1], NULL, NULL, child_argv, environ))
			return 1;
		waitpid(pid, NULL, 0);
	}
	printf("%.2f\n", (now_us() - start) / count);
	return 0;
}
