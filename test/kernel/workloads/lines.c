/* SPDX-License-Identifier: GPL-2.0 */
/* Calls that move between CPUs and share one line of a CPU. Usage: lines CASE. Wrong results end it with the line number
 * as status. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MUST(condition) do { if (!(condition)) _exit(__LINE__ & 127 ?: 1); } while (0)
#define THREADS 5
#define ROUNDS 10007
#define HOP 97		/* rounds on one CPU */
#define CHILDREN 101

/* 32 apart, as many as a CPU has lines: the three share one. */
static const long meeting[] = { 110, 110 - 32, 110 - 64 };

static void on_cpu(int number)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(number % sysconf(_SC_NPROCESSORS_ONLN), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void *wander(void *file)
{
	char bytes[3] = "abc";

	for (int i = 0; i < ROUNDS; i++) {
		if (i % HOP == 0)
			on_cpu(i / HOP);
		syscall(SYS_getppid);
		MUST(write((intptr_t)file, bytes, 3) == 3);
		MUST(read((intptr_t)file, bytes, 2) == 0);
	}
	return NULL;
}

/* All of them append to one file. */
static void threads(void)
{
	intptr_t fd = open("shared", O_RDWR | O_APPEND | O_CREAT, 0600);
	pthread_t thread[THREADS];

	MUST(fd >= 0);
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&thread[i], NULL, wander, (void *)fd) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
}

/* Three calls in turn; whether each fails depends on its arguments. */
static void meet(void)
{
	for (int i = 0; i < ROUNDS; i++)
		for (unsigned int call = 0; call < sizeof(meeting) / sizeof(*meeting); call++)
			syscall(meeting[call], -1, 0, 0);
}

/* Processes that live for a few hundred calls each, so that their lines get new owners at once. */
static void crowd(void)
{
	char byte = 'x';

	for (int i = 0; i < CHILDREN; i++) {
		int pid = fork();

		MUST(pid >= 0);
		if (pid == 0) {
			int fd = open("crowd", O_WRONLY | O_CREAT | O_APPEND, 0600);

			on_cpu(i);
			for (int call = 0; call < 211; call++) {
				syscall(SYS_getppid);
				if (call % 4 == 0)
					MUST(write(fd, &byte, 1) == 1);
			}
			_exit(0);
		}
	}
	for (int i = 0; i < CHILDREN; i++)
		MUST(wait(NULL) > 0);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (!strcmp(name, "threads"))
		threads();
	else if (!strcmp(name, "meet"))
		meet();
	else if (!strcmp(name, "crowd"))
		crowd();
	else
		return 1;
	return 0;
}
