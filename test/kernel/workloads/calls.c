/* SPDX-License-Identifier: GPL-2.0 */
/* System calls in prime numbers. Usage: calls CASE. Wrong results end it with the line number as status. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MUST(condition) do { if (!(condition)) _exit(__LINE__ & 127 ?: 1); } while (0)
#define MS 1000000
/* As /proc/PID/syscall begins. */
#define BEGIN_OF(number) #number " "
#define BEGIN(number) BEGIN_OF(number)

#ifndef SYS_pause /* arm64 */
#define SYS_pause SYS_ppoll
#endif
#ifdef SYS_fork
#define FORK SYS_fork
#else
#define FORK SYS_clone, SIGCHLD, 0, 0, 0, 0
#endif

static int ends[2];

static void plain(void)
{
	for (int i = 0; i < 1009; i++)
		syscall(SYS_getppid);
	for (int i = 0; i < 17; i++)
		MUST(syscall(SYS_dup, -1) == -1);
}

static void *hammer(void *file)
{
	char byte = 0;

	for (int i = 0; i < 25013; i++) {
		syscall(SYS_getppid);
		MUST(pwrite((intptr_t)file, &byte, 1, 0) == 1);
	}
	return NULL;
}

static void threads(void)
{
	intptr_t fd = open("shared", O_WRONLY | O_CREAT, 0600);
	pthread_t thread[4];

	MUST(fd >= 0);
	for (int i = 0; i < 4; i++)
		MUST(pthread_create(&thread[i], NULL, hammer, (void *)fd) == 0);
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
}

static void children(void)
{
	for (int i = 0; i < 5; i++) {
		int pid = syscall(FORK);

		if (pid == 0)
			_exit(0);
		MUST(pid > 0 && waitpid(pid, NULL, 0) == pid);
	}
	for (int i = 0; i < 3; i++) {
		int pid = vfork();

		if (pid == 0) {
			execl("/bin/true", "true", NULL);
			_exit(1);
		}
		MUST(pid > 0 && waitpid(pid, NULL, 0) == pid);
	}
}

static void on_alarm(int signal)
{
	(void)signal;
	if (ends[1])
		MUST(write(ends[1], "x", 1) == 1);
}

/* True once a line of the parent's /proc file begins so. */
static int parent_has(const char *file, const char *begin)
{
	char path[64], line[256];
	int is_there = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", getppid(), file);
	FILE *proc = fopen(path, "r");
	MUST(proc != NULL);
	while (!is_there && fgets(line, sizeof(line), proc))
		is_there = !strncmp(line, begin, strlen(begin));
	fclose(proc);
	return is_there;
}

static void await_parent(const char *file, const char *begin)
{
	struct timespec moment = { .tv_nsec = MS };

	while (!parent_has(file, begin))
		nanosleep(&moment, NULL);
}

/* A child that signals as soon as this process sleeps in the call: if it did earlier, the call would never end. */
static int alarm_in(long nr)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
	int pid;

	MUST(sigaction(SIGALRM, &action, NULL) == 0);
	pid = fork();
	if (pid == 0) {
		char begin[16];

		snprintf(begin, sizeof(begin), "%ld ", nr);
		await_parent("syscall", begin);
		MUST(kill(getppid(), SIGALRM) == 0);
		_exit(0);
	}
	return pid;
}

/* Calls interrupted by a handler: each returns EINTR, and the handler returns. */
static void interrupted(void)
{
	struct timespec long_time = { .tv_sec = 600 };

	for (int i = 0; i < 3; i++) {
		int pid = alarm_in(SYS_pause);

		MUST(syscall(SYS_pause, NULL, 0, NULL, NULL) == -1 && errno == EINTR);
		MUST(waitpid(pid, NULL, 0) == pid);
	}
	for (int i = 0; i < 2; i++) {
		int pid = alarm_in(SYS_nanosleep);

		MUST(syscall(SYS_nanosleep, &long_time, NULL) == -1 && errno == EINTR);
		MUST(waitpid(pid, NULL, 0) == pid);
	}
}

/* A call that runs again after the handler: it is one call. */
static void restarted(void)
{
	char byte[2];
	struct iovec { void *base; size_t len; } one = { byte, 1 };

	MUST(pipe(ends) == 0);
	int pid = alarm_in(SYS_readv);
	MUST(syscall(SYS_readv, ends[0], &one, 1) == 1);
	MUST(waitpid(pid, NULL, 0) == pid);
}

/* A sleep that is stopped and continues as restart_syscall: one call as well. */
static void stopped(void)
{
	struct timespec while_child = { .tv_sec = 1 };
	int status, pid = fork();

	if (pid == 0) {
		await_parent("syscall", BEGIN(SYS_nanosleep));
		MUST(kill(getppid(), SIGSTOP) == 0);
		await_parent("status", "State:\tT");
		MUST(kill(getppid(), SIGCONT) == 0);
		await_parent("status", "State:\tS");
		MUST(parent_has("syscall", BEGIN(SYS_restart_syscall))); /* else its second of sleep was already over */
		_exit(0);
	}
	MUST(pid > 0);
	MUST(syscall(SYS_nanosleep, &while_child, NULL) == 0);
	MUST(waitpid(pid, &status, 0) == pid && status == 0);
}

static void *sleep_in_pause(void *unused)
{
	syscall(SYS_pause, NULL, 0, NULL, NULL);
	return unused;
}

static void *sleep_in_nanosleep(void *unused)
{
	struct timespec long_time = { .tv_sec = 600 };

	syscall(SYS_nanosleep, &long_time, NULL);
	return unused;
}

/* Returns once so many threads of this process are in the call. */
static void await_threads(long nr, int wanted)
{
	for (int found = 0; found < wanted; sched_yield()) {
		DIR *tasks = opendir("/proc/self/task");
		struct dirent *task;

		MUST(tasks != NULL);
		for (found = 0; (task = readdir(tasks));) {
			char path[300];
			long now = -1;

			snprintf(path, sizeof(path), "/proc/self/task/%s/syscall", task->d_name);
			FILE *file = fopen(path, "r");
			if (file && fscanf(file, "%ld", &now) == 1)
				found += now == nr;
			if (file)
				fclose(file);
		}
		closedir(tasks);
	}
}

/* Threads that are in calls when the process ends. Those that sleep were stopped and continue as restart_syscall. */
static void broken_off(void)
{
	pthread_t thread;
	int pid;

	for (int i = 0; i < 5; i++)
		MUST(pthread_create(&thread, NULL, sleep_in_pause, NULL) == 0);
	for (int i = 0; i < 3; i++)
		MUST(pthread_create(&thread, NULL, sleep_in_nanosleep, NULL) == 0);
	await_threads(SYS_pause, 5);
	await_threads(SYS_nanosleep, 3);
	pid = fork();
	if (pid == 0) {
		MUST(kill(getppid(), SIGSTOP) == 0);
		await_parent("status", "State:\tT");
		MUST(kill(getppid(), SIGCONT) == 0);
		_exit(0);
	}
	MUST(waitpid(pid, NULL, 0) == pid);
	await_threads(SYS_restart_syscall, 3);
	await_threads(SYS_pause, 5);
}

#define SLEEPERS 4211

/* So long that all sleep before the first one wakes; in an emulated guest it takes longer to start them. */
static void *sleep_a_while(void *unused)
{
	const char *slowness = getenv("EBTOP_TEST_SLOWNESS");
	struct timespec a_while = { .tv_sec = slowness ? 10 * atol(slowness) : 3 };

	MUST(syscall(SYS_nanosleep, &a_while, NULL) == 0);
	return unused;
}

static int sleepers_of(int pid, const char *begin)
{
	char path[64], line[64];
	int count = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	DIR *tasks = opendir(path);
	MUST(tasks != NULL);
	for (struct dirent *task; (task = readdir(tasks));) {
		snprintf(path, sizeof(path), "/proc/%d/task/%.16s/syscall", pid, task->d_name);
		FILE *file = fopen(path, "r");
		if (!file)
			continue;
		count += fgets(line, sizeof(line), file) && !strncmp(line, begin, strlen(begin));
		fclose(file);
	}
	closedir(tasks);
	return count;
}

/* The same of very many threads at once. */
static void stopped_all(void)
{
	static pthread_t sleepers[SLEEPERS];
	struct timespec moment = { .tv_nsec = 10 * MS };
	pthread_attr_t small;
	int status, parent = getpid(), pid = fork();

	if (pid == 0) {
		while (sleepers_of(parent, BEGIN(SYS_nanosleep)) < SLEEPERS)
			syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &moment, NULL);
		MUST(kill(parent, SIGSTOP) == 0);
		await_parent("status", "State:\tT");
		MUST(kill(parent, SIGCONT) == 0);
		_exit(0);
	}
	MUST(pid > 0);
	MUST(pthread_attr_init(&small) == 0 && pthread_attr_setstacksize(&small, PTHREAD_STACK_MIN) == 0);
	for (int i = 0; i < SLEEPERS; i++)
		MUST(pthread_create(&sleepers[i], &small, sleep_a_while, NULL) == 0);
	for (int i = 0; i < SLEEPERS; i++)
		pthread_join(sleepers[i], NULL);
	MUST(waitpid(pid, &status, 0) == pid && status == 0);
}

/* Numbers that no kernel has, each once, and then one that it has. */
static void wrong(void)
{
	for (int i = 0; i < 1109; i++)
		MUST(syscall(512 + i) == -1 && errno == ENOSYS);
	for (int i = 0; i < 101; i++)
		syscall(SYS_getppid);
}

static void sleeps(void)
{
	struct timespec time = { .tv_nsec = 3 * MS };

	for (int i = 0; i < 7; i++)
		MUST(syscall(SYS_nanosleep, &time, NULL) == 0);
}

static const struct { const char *name; void (*run)(void); } cases[] = {
	{ "plain", plain },	  { "threads", threads }, { "children", children }, { "interrupted", interrupted },
	{ "restarted", restarted }, { "stopped", stopped }, { "stopped-all", stopped_all }, { "sleeps", sleeps },
	{ "wrong", wrong },	  { "broken-off", broken_off },
};

int main(int argc, char **argv)
{
	prctl(PR_SET_NAME, "eb-calls");
	for (size_t i = 0; argc > 1 && i < sizeof(cases) / sizeof(*cases); i++)
		if (!strcmp(argv[1], cases[i].name)) {
			cases[i].run();
			return 0;
		}
	return 2;
}
