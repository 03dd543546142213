/* SPDX-License-Identifier: GPL-2.0 */
/* Threads of one process that wait for one another; a child has the other end of their pipe. */
#include "role.h"
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, heir;
static pthread_t holder;
#define BUSY_US 211000

static int never[2], once[2];
static volatile int is_held;

static void call_thread(const char *name)
{
	prctl(PR_SET_NAME, name);
}

static void *hold(void *unused)
{
	call_thread("eb-holder");
	pthread_mutex_lock(&lock);
	pthread_mutex_lock(&heir);
	is_held = 1;
	for (;;)
		pause();
	return unused;
}

static void *want_lock(void *name)
{
	call_thread(name);
	pthread_mutex_lock(&lock);
	return NULL;
}

static void *want_heir(void *name)
{
	call_thread(name);
	pthread_mutex_lock(&heir);
	return NULL;
}

static void *want_end(void *name)
{
	call_thread(name);
	pthread_join(holder, NULL);
	return NULL;
}

static void *read_never(void *name)
{
	char byte;

	call_thread(name);
	return read(never[0], &byte, 1) == 1 ? name : NULL;
}

static void *read_once(void *name)
{
	char byte;

	call_thread(name);
	while (read(once[0], &byte, 1) == 1)
		;
	return NULL;
}

static void *sleep_long(void *name)
{
	call_thread(name);
	for (;;)
		sleep(1000);
	return NULL;
}

static void *wake(void *name)
{
	call_thread(name);
	await("go");
	CHECK(write(once[1], "x", 1));
	for (;;)
		pause();
	return NULL;
}

static long cpu_us(void)
{
	struct timespec used;

	CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used));
	return used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

static void *nap(void *name)
{
	char used[16];
	long end;

	call_thread(name);
	await("go");
	end = cpu_us() + BUSY_US;
	while (cpu_us() < end)
		;
	snprintf(used, sizeof(used), "%ld", cpu_us());
	mark("cpu", used);
	for (int i = 0; i < 13; i++)
		doze(1000);
	for (;;)
		pause();
	return NULL;
}

static void start_threads(int count, void *(*run)(void *), const char *name)
{
	pthread_t thread;

	while (count-- > 0)
		if (pthread_create(&thread, NULL, run, (void *)name))
			fail("pthread_create");
}

static void run(void)
{
	pthread_mutexattr_t inherits;

	pthread_mutexattr_init(&inherits);
	pthread_mutexattr_setprotocol(&inherits, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&heir, &inherits);
	CHECK(pipe(never));
	CHECK(pipe(once));
	note_pid("eb-main", getpid());
	if (!start("eb-writer")) {
		close(never[0]);
		close(once[0]);
		close(once[1]);
		done();
	}
	close(never[1]);
	if (pthread_create(&holder, NULL, hold, NULL))
		fail("pthread_create");
	while (!is_held)
		doze(1000);
	start_threads(5, want_lock, "eb-lock");
	start_threads(3, want_heir, "eb-heir");
	start_threads(1, want_end, "eb-join");
	start_threads(7, read_never, "eb-read");
	start_threads(2, sleep_long, "eb-sleep");
	start_threads(1, read_once, "eb-woken");
	start_threads(1, wake, "eb-waker");
	start_threads(1, nap, "eb-napper");
	mark("started", "");
	ready();
	done();
}

static const struct workload workloads[] = {{"run", run}, {}};

int main(int argc, char **argv)
{
	return run_workload(argc, argv, workloads);
}
