// SPDX-License-Identifier: GPL-2.0
// Processes that come and go. One case per argument.
#include "role.h"
#include <pthread.h>
#include <stdbool.h>

/* A prime number of processes that live for a millisecond. */
#define STORM 997
#define DEPTH 23
#define PROGRAMS 1999

static void storm(void)
{
	if (start("eb-storm") == 0) {
		ready();
		for (int i = 0; i < STORM; i++) {
			pid_t pid = CHECK(fork());

			if (pid == 0) {
				doze(1000);
				_exit(i % 7);
			}
			CHECK(waitpid(pid, NULL, 0));
		}
		done();
	}
	started();
}

/* Processes whose threads die at the same moment, on two CPUs if there are two: each exits, or the last kills them. */
static int processes, threads;
static bool are_killed;
static int waiting;

static void pin(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

static void *die_together(void *index)
{
	pin((long)index % 2);
	if (__atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST) == threads && are_killed)
		kill(getpid(), SIGKILL);
	while (are_killed || __atomic_load_n(&waiting, __ATOMIC_SEQ_CST) < threads)
		if (threads > 2) /* the others must get the CPU too */
			sched_yield();
	syscall(SYS_exit, 0);
	return NULL;
}

static void together(void)
{
	if (start("eb-together") == 0) {
		ready();
		for (int i = 0; i < processes; i++) {
			pid_t pid = CHECK(fork());
			pthread_t thread;

			for (long index = 1; pid == 0 && index < threads; index++)
				CHECK(-pthread_create(&thread, NULL, die_together, (void *)index));
			if (pid == 0)
				die_together(NULL);
			CHECK(waitpid(pid, NULL, 0));
		}
		done();
	}
	started();
}

/* Programs started as fast as possible, two at a time. */
static void programs(void)
{
	if (start("eb-programs") == 0) {
		ready();
		for (int i = 0; i < PROGRAMS; i++) {
			if (CHECK(vfork()) == 0) {
				execl("/bin/true", "eb-program", "--number", "of", "prime", NULL);
				_exit(1);
			}
			if (i > 1)
				CHECK(wait(NULL));
		}
		while (wait(NULL) > 0)
			;
		done();
	}
	started();
}

/* The usual daemon: eb-middle forks eb-late and dies; eb-reaper is the subreaper. The sibling is a child of eb-reaper
 * from the start (CLONE_PARENT), though eb-top forked it. */
static void ancestry(void)
{
	if (start("eb-reaper") == 0) {
		CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1));
		if (start("eb-top") == 0) {
			pid_t middle = start("eb-middle");

			if (middle == 0) {
				if (start("eb-late") == 0) {
					prctl(PR_SET_PDEATHSIG, 0);
					if (start("eb-child") == 0) {
						ready();
						done();
					}
					ready();
					done();
				}
				await_role("ready", "eb-late");
				await("go");
				_exit(0);
			}
			pid_t sibling = CHECK(syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL));
			if (sibling == 0) {
				become("eb-sibling");
				ready();
				done();
			}
			note_pid("eb-sibling", sibling);
			ready();
			CHECK(waitpid(middle, NULL, 0));
			done();
		}
		ready();
		done();
	}
	started();
}

static void *sleep_on(void *unused)
{
	doze(30000);
	return unused;
}

static void *exit_with_9(void *unused)
{
	syscall(SYS_exit_group, 9);
	return unused;
}

static void *exit_late_with_5(void *unused)
{
	doze(20000);
	syscall(SYS_exit_group, 5);
	return unused;
}

static void crash(void)
{
	*(volatile int *)8 = 1;
}

static void by_exit(void) { _exit(3); }
static void by_term(void) { raise(SIGTERM); }
static void by_kill(void) { kill(getpid(), SIGKILL); }

static void by_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, exit_with_9, NULL);
	pause();
}

/* The leader exits first; the thread group lives until its last thread exits. */
static void by_last_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, exit_late_with_5, NULL);
	syscall(SYS_exit, 77);
}

static void with_threads(void)
{
	pthread_t thread;

	for (int i = 0; i < 11; i++)
		pthread_create(&thread, NULL, sleep_on, NULL);
	_exit(42);
}

static const struct workload endings[] = {
	{ "eb-exit", by_exit },		{ "eb-term", by_term },
	{ "eb-kill", by_kill },		{ "eb-segv", crash },
	{ "eb-thread", by_thread },	{ "eb-last", by_last_thread },
	{ "eb-threads", with_threads }, {},
};

static void ends(void)
{
	for (const struct workload *ending = endings; ending->name; ending++)
		if (start(ending->name) == 0) {
			ready();
			mark("done", role_name);
			ending->run();
		}
	started();
}

/* Each is a child of the one before. */
static void descend(int depth)
{
	char name[16];

	snprintf(name, sizeof(name), "eb-deep%d", depth);
	if (start(name) == 0) {
		if (depth < DEPTH)
			descend(depth + 1);
		ready();
		done();
	}
	if (depth > 1)
		return;
	started();
}

static void tree(void)
{
	descend(1);
}

/* Spins for about 200 ms of CPU time in each of two threads, then exits. */
static void *spin(void *unused)
{
	struct timespec now;

	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	while (now.tv_nsec < 200000000 && !now.tv_sec);
	return unused;
}

static void busy(void)
{
	if (start("eb-busy") == 0) {
		pthread_t thread;

		ready();
		pthread_create(&thread, NULL, spin, NULL);
		spin(NULL);
		pthread_join(thread, NULL);
		mark("done", role_name);
		_exit(0);
	}
	started();
}

/* Idle roles that each fork a child on request: for the filters. */
static void family(void)
{
	for (int i = 0; i < 2; i++)
		if (start(i ? "eb-qother" : "eb-qmine") == 0) {
			if (start(i ? "eb-qchild-o" : "eb-qchild-m") == 0) {
				ready();
				done();
			}
			ready();
			if (start(i ? "eb-qlate-o" : "eb-qlate-m") == 0)
				done();
			for (int n = 0; n < 31; n++)
				getppid();
			done();
		}
	started();
}

static const struct workload workloads[] = {
	{ "storm", storm }, { "together", together }, { "programs", programs }, { "ends", ends }, { "tree", tree },
	{ "busy", busy },   { "family", family }, { "ancestry", ancestry },
	{},
};

int main(int argc, char **argv)
{
	if (argc > 3) {
		processes = atoi(argv[2]);
		threads = atoi(argv[3]);
		are_killed = argc > 4;
	}
	return run_workload(argc, argv, workloads);
}
