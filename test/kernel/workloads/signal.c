// SPDX-License-Identifier: GPL-2.0
// Signals with known counts, and a process that the memory controller kills. CGROUP: the cgroup that it joins first.
#include "role.h"

#define TOLD 31
#define QUEUED 13
#define PENDING 7

static void ignore(int number)
{
	(void)number;
}

static void tell(void)
{
	pid_t target = start("eb-target");

	if (target == 0) {
		sigset_t blocked;

		sigemptyset(&blocked);
		sigaddset(&blocked, SIGUSR2);
		sigprocmask(SIG_BLOCK, &blocked, NULL);
		signal(SIGUSR1, ignore);
		signal(SIGRTMIN + 3, ignore);
		ready();
		done();
	}
	if (start("eb-sender") == 0) {
		ready();
		for (int i = 0; i < TOLD; i++)
			CHECK(kill(target, SIGUSR1));
		for (int i = 0; i < QUEUED; i++)
			CHECK(sigqueue(target, SIGRTMIN + 3, (union sigval){ .sival_int = i }));
		for (int i = 0; i < PENDING; i++) /* the first one stays pending, the others are merged into it */
			CHECK(kill(target, SIGUSR2));
		for (int i = 0; i < 3; i++)
			CHECK(kill(target, 0));
		done();
	}
	started();
}

/* As many as possible, until told to end: none is ever delivered, and each is a record. */
static void flood(void)
{
	if (start("eb-flood") == 0) {
		signal(SIGUSR1, SIG_IGN);
		ready();
		mark("done", role_name);
		while (access("end", F_OK) != 0)
			for (int i = 0; i < 10000; i++)
				kill(getpid(), SIGUSR1);
		_exit(0);
	}
	started();
}

static void join_cgroup(const char *folder)
{
	char path[512], pid[16];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	snprintf(pid, sizeof(pid), "%d", getpid());
	fd = CHECK(open(path, O_WRONLY));
	CHECK(write(fd, pid, strlen(pid)));
	close(fd);
}

static void oom(void)
{
	if (start("eb-oom") == 0) {
		const long size = 256l << 20;
		char *memory;

		ready();
		join_cgroup(getenv("CGROUP"));
		mark("done", role_name);
		memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (long at = 0; at < size; at += 4096)
			memory[at] = 1;
		_exit(0);
	}
	started();
}

/* Joins a cgroup, executes a program and exits: too short-lived for its /proc to be read. */
static void visit(void)
{
	if (start("eb-visit") == 0) {
		ready();
		join_cgroup(getenv("CGROUP"));
		mark("done", role_name);
		execl("/bin/true", "eb-true", NULL);
	}
	started();
}

static const struct workload workloads[] = {
	{ "tell", tell }, { "flood", flood }, { "oom", oom }, { "visit", visit }, {},
};

int main(int argc, char **argv)
{
	return run_workload(argc, argv, workloads);
}
