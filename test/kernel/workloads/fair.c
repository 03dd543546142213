/* SPDX-License-Identifier: GPL-2.0 */
/* Three processes of one user who take whatever room there is in the tables, and one of another user who comes after
 * them; or two processes who come to the tables at the same time, each time as another user. Usage: fair users |
 * namespaces | at-once. */
#include "role.h"

#include <stdatomic.h>

#define HOGS 3
#define HOG_PIPES 331
#define HOG_NUMBERS 41
#define UNUSED_NUMBER 470 /* the first of those that no kernel has yet */

static void use_pipes(int count)
{
	char bytes[7] = {};
	int ends[2];

	for (int i = 0; i < count; i++) {
		CHECK(pipe(ends));
		CHECK(write(ends[1], bytes, sizeof(bytes)));
		CHECK(read(ends[0], bytes, sizeof(bytes)));
		close(ends[0]);
		close(ends[1]);
	}
}

static void map_ids(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	fd = CHECK(open(path, O_WRONLY));
	CHECK(write(fd, "0 100000 1000", 13));
	close(fd);
}

static void run(int has_namespaces)
{
	char name[16], mapped[16];

	CHECK(chmod(".", 0777));
	for (int i = 1; i <= HOGS; i++) {
		snprintf(name, sizeof(name), "eb-hog%d", i);
		snprintf(mapped, sizeof(mapped), "mapped.%d", i);
		pid_t pid = start(name);
		if (!pid) {
			CHECK(setresuid(65534, 65534, 65534));
			if (has_namespaces) {
				CHECK(unshare(CLONE_NEWUSER));
				mark("unshared", name);
				await(mapped);
				CHECK(setresuid(i, i, i));
			}
			ready();
			use_pipes(HOG_PIPES);
			for (int nr = 0; nr < HOG_NUMBERS; nr++)
				syscall(UNUSED_NUMBER + nr);
			done();
		}
		if (has_namespaces) {
			await_role("unshared", name);
			map_ids(pid);
			mark(mapped, "");
		}
	}
	if (!start("eb-victim")) {
		CHECK(setresuid(65533, 65533, 65533));
		ready();
		for (int i = 1; i <= HOGS; i++) {
			snprintf(name, sizeof(name), "eb-hog%d", i);
			await_role("done", name);
		}
		use_pipes(101);
		for (int i = 0; i < 53; i++)
			syscall(SYS_getppid);
		done();
	}
	started();
}

static void users(void)
{
	run(0);
}

static void namespaces(void)
{
	run(1);
}

#define AT_ONCE_USERS 499

static void meet(atomic_int *arrived, int round)
{
	atomic_fetch_add(arrived, 1);
	while (atomic_load(arrived) < 2 * (round + 1))
		;
}

static void at_once(void)
{
	atomic_int *arrived = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	static const char *const names[] = { "eb-first", "eb-second" };

	for (int cpu = 0; cpu < 2; cpu++) {
		if (start(names[cpu]))
			continue;
		cpu_set_t cpus;
		CPU_ZERO(&cpus);
		CPU_SET(cpu, &cpus);
		sched_setaffinity(0, sizeof(cpus), &cpus); /* without it they meet less often */
		ready();
		for (int user = 0; user < AT_ONCE_USERS; user++) {
			CHECK(setresuid(100000 + user, 0, 0));
			meet(arrived, user);
			use_pipes(1);
		}
		CHECK(setresuid(0, 0, 0)); /* access() goes by the real one */
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = { { "users", users }, { "namespaces", namespaces },
					      { "at-once", at_once }, {} };

	return run_workload(argc, argv, workloads);
}
