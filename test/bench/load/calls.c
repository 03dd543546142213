// Calls getppid() or a 1-byte read() in chunks and prints the nanoseconds per call of each chunk, a line each: CPU time, so
// that being preempted does not count. Usage: calls getppid|read CHUNKS CALLS_PER_CHUNK [THREADS] Threads run on one CPU
// each, in step, and share the call's counters; each prints its chunks. They read one file, each at another place and by a
// descriptor of its own, since read() locks the position that it moves.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int is_read, chunks = 20, calls = 100000, threads = 1;
static int file;
static pthread_barrier_t in_step;

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int scratch_file(size_t bytes)
{
	char path[] = "/tmp/eb-bench-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) || ftruncate(fd, bytes)) {
		perror(path);
		exit(1);
	}
	return fd;
}

static void *run(void *cpu)
{
	char byte, path[32];
	cpu_set_t set;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		exit(1);
	CPU_ZERO(&set);
	CPU_SET((intptr_t)cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	for (int chunk = 0; chunk < chunks; chunk++) {
		double start;

		lseek(fd, (intptr_t)cpu * calls, SEEK_SET);
		pthread_barrier_wait(&in_step);
		start = now_ns();
		if (is_read)
			for (int i = 0; i < calls; i++) {
				if (read(fd, &byte, 1) != 1)
					exit(1);
			}
		else
			for (int i = 0; i < calls; i++)
				syscall(SYS_getppid);
		printf("%.2f\n", (now_ns() - start) / calls);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread[64];

	is_read = argc > 1 && !strcmp(argv[1], "read");
	if (argc > 2)
		chunks = atoi(argv[2]);
	if (argc > 3)
		calls = atoi(argv[3]);
	if (argc > 4)
		threads = atoi(argv[4]);
	file = scratch_file((size_t)calls * threads);
	pthread_barrier_init(&in_step, NULL, threads);
	for (intptr_t i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, run, (void *)i))
			return 1;
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
