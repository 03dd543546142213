/* SPDX-License-Identifier: GPL-2.0 */
/* Processes that make 41 calls with numbers that no kernel has: each 3 times, and 5 times more when the file "again" is there.
 * numbers: three, one of them another user's. company: eight, after eight others that end when the file "leave" is there.
 * Usage: idle-calls numbers | company. */
#include "role.h"

#define NUMBERS 41
#define COMPANY 8
#define UNUSED_NUMBER 470 /* the first that no kernel has yet */

static void call_all(int times)
{
	for (int nr = 0; nr < NUMBERS; nr++)
		for (int i = 0; i < times; i++)
			syscall(UNUSED_NUMBER + nr);
}

static void work(const char *name)
{
	ready();
	call_all(3);
	mark("called", name);
	await("again");
	call_all(5);
	done();
}

static void company(void)
{
	char name[16], other[16];

	for (int i = 0; i < COMPANY; i++) {
		snprintf(name, sizeof(name), "eb-late%d", i);
		snprintf(other, sizeof(other), "eb-early%d", i);
		if (!start(other)) {
			ready();
			call_all(1);
			mark("called", other);
			await("leave");
			_exit(0);
		}
		if (!start(name)) {
			mark("ready", name);
			for (int early = 0; early < COMPANY; early++) {
				snprintf(other, sizeof(other), "eb-early%d", early);
				await_role("called", other);
			}
			work(name);
		}
	}
	started();
}

static void numbers(void)
{
	static const char *const names[] = { "eb-idle1", "eb-idle2", "eb-idle3" };

	CHECK(chmod(".", 0777));
	for (int i = 0; i < 3; i++) {
		if (start(names[i]))
			continue;
		if (i == 2)
			CHECK(setresuid(65534, 65534, 65534));
		work(names[i]);
	}
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = { { "numbers", numbers }, { "company", company }, {} };

	return run_workload(argc, argv, workloads);
}
