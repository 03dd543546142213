/* SPDX-License-Identifier: GPL-2.0 */
/* A process that naps a known number of times, two that share one CPU, and one with two threads. When each is done it
 * writes "slept.NAME" and sleeps until the end, so its counts no longer change. */
#include "role.h"
#include <pthread.h>

enum { NAPS = 53, BURN_MS = 300, WAKES = 17 };

static int until_end[2];

static void stand_still(void)
{
	char byte;

	close(until_end[1]);
	mark("slept", role_name);
	while (read(until_end[0], &byte, 1) < 0)
		;
	_exit(0);
}

static void nap(int count)
{
	while (count-- > 0)
		doze(1000);
}

static void use_one_cpu(void)
{
	cpu_set_t all, one;
	int cpu = 0;

	CHECK(sched_getaffinity(0, sizeof(all), &all));
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	CHECK(sched_setaffinity(0, sizeof(one), &one));
}

static void burn(void)
{
	struct timespec used;

	do
		CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used));
	while (used.tv_sec * 1000 + used.tv_nsec / 1000000 < BURN_MS);
}

static void *nap_beside(void *unused)
{
	nap(NAPS);
	return unused;
}

static char state_of(pid_t pid)
{
	char path[64], text[256] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = CHECK(open(path, O_RDONLY));
	CHECK(read(fd, text, sizeof(text) - 1));
	close(fd);
	return strrchr(text, ')')[2];
}

/* Reads WAKES bytes, one at a time; "eb-waker" writes each when the reader sleeps. */
static void wake_and_be_woken(void)
{
	pid_t woken;
	char byte;
	int fds[2];

	CHECK(pipe(fds));
	woken = start("eb-woken");
	if (!woken) {
		for (int i = 0; i < WAKES; i++)
			CHECK(read(fds[0], &byte, 1));
		stand_still();
	}
	if (!start("eb-waker")) {
		for (int i = 0; i < WAKES; i++) {
			while (state_of(woken) != 'S')
				sched_yield();
			CHECK(write(fds[1], "", 1));
		}
		stand_still();
	}
	close(fds[0]);
	close(fds[1]);
}

static void run(void)
{
	static const char *const burners[] = {"eb-burner", "eb-rival"};
	pthread_t thread;

	CHECK(pipe(until_end));
	if (!start("eb-napper")) {
		nap(NAPS);
		stand_still();
	}
	for (int i = 0; i < 2; i++)
		if (!start(burners[i])) {
			use_one_cpu();
			burn();
			stand_still();
		}
	if (!start("eb-threads")) {
		if (pthread_create(&thread, NULL, nap_beside, NULL))
			fail("pthread_create");
		pthread_join(thread, NULL);
		stand_still();
	}
	wake_and_be_woken();
	note_pid("eb-main", getpid());
	mark("started", "");
	mark("ready", "eb-main");
	await("end");
	close(until_end[1]);
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

static const struct workload workloads[] = {{"run", run}, {}};

int main(int argc, char **argv)
{
	return run_workload(argc, argv, workloads);
}
