// Starts a program COUNT times, one after the other (vfork, exec, exit, wait), and prints microseconds per process.
// Usage: storm PROGRAM COUNT
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
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
