// SPDX-License-Identifier: GPL-2.0
// What the kernel reuses at once: addresses and numbers of freed objects. Arguments: operations, bytes.
#include "role.h"
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <termios.h>

static long operations, size;

/* On one CPU, so that its slab caches give the next process what the last one freed. */
static void share_cpu(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	CHECK(sched_setaffinity(0, sizeof(one), &one));
}

static void ring(int fd)
{
	unsigned long long value = 1;

	CHECK(write(fd, &value, sizeof(value)));
}

static void hear(int fd)
{
	unsigned long long value;

	CHECK(read(fd, &value, sizeof(value)));
}

/* 211 eventfds, one after the other, while the other process does the same. */
static void use_eventfds(void)
{
	for (int i = 0; i < 211; i++) {
		int fd = CHECK(eventfd(0, 0));

		ring(fd);
		hear(fd);
		close(fd);
		doze(200);
	}
}

/* Two processes that share nothing; then each shares one eventfd with a child. */
static void eventfds(void)
{
	static const char *names[][2] = { { "eb-one", "eb-first" }, { "eb-two", "eb-second" } };

	share_cpu();
	for (int i = 0; i < 2; i++) {
		int fd;

		if (start(names[i][0]))
			continue;
		ready();
		use_eventfds();
		fd = CHECK(eventfd(0, EFD_SEMAPHORE));
		if (!start(names[i][1])) {
			for (long j = 0; j < operations + i; j++)
				hear(fd);
			done();
		}
		for (long j = 0; j < operations + i; j++)
			ring(fd);
		await_role("done", names[i][1]);
		done();
	}
	started();
}

/* eb-kid1 has its own eventfds; eb-boss creates some at their addresses, for eb-kid2. */
static void inherited(void)
{
	int fds[53];

	share_cpu();
	if (!start("eb-kid1")) {
		ready();
		use_eventfds();
		done();
	}
	if (!start("eb-boss")) {
		await_role("done", "eb-kid1");
		for (int i = 0; i < 53; i++)
			fds[i] = CHECK(eventfd(0, 0));
		if (!start("eb-kid2")) {
			for (int i = 0; i < 53; i++)
				ring(fds[i]);
			done();
		}
		done();
	}
	started();
}

/* A user that has more eventfds than its share, and others that share one. */
static void hog(void)
{
	struct rlimit limit = { 2048, 2048 };
	int fd = CHECK(eventfd(0, EFD_SEMAPHORE));

	if (!start("eb-hog")) {
		CHECK(setrlimit(RLIMIT_NOFILE, &limit));
		ready();
		CHECK(setresuid(65534, 65534, 0));
		for (int i = 0; i < 1009; i++)
			ring(CHECK(eventfd(0, 0)));
		CHECK(setresuid(0, 0, 0));
		mark("full", "");
		done();
	}
	for (int i = 0; i < 2; i++)
		if (!start(i ? "eb-waiter" : "eb-ringer")) {
			ready();
			await("full");
			for (long j = 0; j < operations; j++)
				(i ? hear : ring)(fd);
			done();
		}
	close(fd);
	started();
}

static int open_terminal(int *slave)
{
	int master = CHECK(posix_openpt(O_RDWR | O_NOCTTY));
	struct termios raw;

	CHECK(grantpt(master));
	CHECK(unlockpt(master));
	*slave = CHECK(open(ptsname(master), O_RDWR | O_NOCTTY));
	CHECK(tcgetattr(*slave, &raw));
	cfmakeraw(&raw);
	CHECK(tcsetattr(*slave, TCSANOW, &raw));
	return master;
}

/* A terminal with a shell that reads `count` messages; both ends are closed before this returns. */
static void run_terminal(const char *shell, long count)
{
	int slave, master = open_terminal(&slave);

	if (!start(shell)) {
		close(master);
		read_all(slave, count * size);
		close(slave);
		done();
	}
	close(slave);
	write_all(master, count, size);
	await_role("done", shell);
	close(master);
}

/* Successive terminals, of one program and of another one: all have the same index. */
static void terminals(void)
{
	share_cpu();
	if (!start("eb-terminal")) {
		ready();
		run_terminal("eb-shell1", operations);
		run_terminal("eb-shell2", operations + 2);
		done();
	}
	if (!start("eb-other")) {
		ready();
		await_role("done", "eb-terminal");
		run_terminal("eb-shell3", operations + 4);
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = {
		{ "eventfds", eventfds }, { "inherited", inherited }, { "hog", hog }, { "terminals", terminals }, { 0 },
	};

	operations = argc > 2 ? atol(argv[2]) : 13;
	size = argc > 3 ? atol(argv[3]) : 101;
	return run_workload(argc, argv, workloads);
}
