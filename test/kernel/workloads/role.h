/* SPDX-License-Identifier: GPL-2.0 */
/* What all workloads share. A workload runs one case; each of its processes ("roles") has its own name as comm. They
 * synchronize through files in the working directory, because any other way would be IPC itself:
 *
 *   pid.NAME    which process has the role       ready.NAME  it has set up; it waits for the file "go"
 *   done.NAME   its work is done; it waits for the file "end", with everything still open
 */
#ifndef EBTOP_ROLE_H
#define EBTOP_ROLE_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *role_name = "eb-main";

#define CHECK(call)                                                                                                  \
	({                                                                                                           \
		long __result = (long)(call);                                                                        \
		if (__result < 0)                                                                                    \
			fail(#call);                                                                                 \
		__result;                                                                                            \
	})

static void mark(const char *what, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s%s%s", what, *name ? "." : "", name);
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
}

static void __attribute__((noreturn)) fail(const char *what)
{
	char text[256];
	int fd = open("failed", O_CREAT | O_WRONLY | O_APPEND, 0644);

	snprintf(text, sizeof(text), "%s: %s: %s\n", role_name, what, strerror(errno));
	if (write(fd, text, strlen(text)) < 0)
		_exit(3);
	_exit(2);
}

static void doze(long us)
{
	struct timespec time = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&time, NULL);
}

/* Gives up when the test and its directory are gone, so a workload ends with its test. */
static void await(const char *file)
{
	while (access(file, F_OK) != 0) {
		struct stat here;

		if (stat(".", &here) != 0 || here.st_nlink == 0)
			fail(file);
		doze(2000);
	}
}

static void __attribute__((unused)) await_role(const char *what, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s.%s", what, name);
	await(path);
}

/* The name appears only when the content is complete. */
static void note_pid(const char *name, pid_t pid)
{
	char path[64], fresh[64], text[16];
	int fd;

	snprintf(path, sizeof(path), "pid.%s", name);
	snprintf(fresh, sizeof(fresh), "new.%s.%d", name, getpid()); /* two processes may have one role */
	fd = CHECK(open(fresh, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	snprintf(text, sizeof(text), "%d", pid);
	CHECK(write(fd, text, strlen(text)));
	close(fd);
	CHECK(rename(fresh, path));
}

/* The role that the environment's WANTED names has a comm that no other has. */
static void become(const char *name)
{
	const char *wanted = getenv("WANTED");

	role_name = name;
	prctl(PR_SET_NAME, wanted && !strcmp(wanted, name) ? "eb-wanted" : name);
}

/* Forks a role. Returns 0 in it, its pid in the caller. */
static pid_t __attribute__((unused)) start(const char *name)
{
	pid_t pid = CHECK(fork());

	if (pid == 0) {
		become(name);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		return 0;
	}
	note_pid(name, pid);
	return pid;
}

static void __attribute__((unused)) ready(void)
{
	mark("ready", role_name);
	await("go");
}

/* Its children end at the same time; none may be left to an init that does not reap. */
static void __attribute__((noreturn, unused)) done(void)
{
	mark("done", role_name);
	await("end");
	while (wait(NULL) > 0 || errno == EINTR)
		;
	_exit(0);
}

/* The parent's last step: reports that all roles are started, then waits for them. It has no end of any channel open. */
static void __attribute__((unused)) started(void)
{
	mark("started", "");
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

static void __attribute__((unused)) write_all(int fd, long count, long size)
{
	char *bytes = calloc(1, size);

	for (long i = 0; i < count; i++)
		if (CHECK(write(fd, bytes, size)) != size)
			fail("short write");
	free(bytes);
}

/* Reads exactly count * size bytes, however they are split. */
static void __attribute__((unused)) read_all(int fd, long total)
{
	char bytes[65536];
	ssize_t got;

	while (total > 0 && (got = CHECK(read(fd, bytes, total < (long)sizeof(bytes) ? total : (long)sizeof(bytes)))) > 0)
		total -= got;
	if (total)
		fail("end of file");
}

struct workload {
	const char *name;
	void (*run)(void);
};

static int __attribute__((unused)) run_workload(int argc, char **argv, const struct workload *workloads)
{
	become("eb-main");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (; workloads->name; workloads++)
		if (argc > 1 && !strcmp(workloads->name, argv[1])) {
			workloads->run();
			return 0;
		}
	errno = EINVAL;
	fail("no such workload");
}

#endif
