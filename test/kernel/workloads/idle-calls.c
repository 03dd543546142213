/* SPDX-License-Identifier: GPL-2.0 */
/* Three processes, one of them another user's, that make 41 calls with numbers that no kernel has: each 3 times, and 5 times
 * more when the file "again" is there. Usage: idle-calls numbers. */
#include "role.h"

#define NUMBERS 41
#define UNUSED_NUMBER 470 /* the first that no kernel has yet */

static void call_all(int times)
{
	for (int nr = 0; nr < NUMBERS; nr++)
		for (int i = 0; i < times; i++)
			syscall(UNUSED_NUMBER + nr);
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
		ready();
		call_all(3);
		mark("called", names[i]);
		await("again");
		call_all(5);
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = { { "numbers", numbers }, {} };

	return run_workload(argc, argv, workloads);
}
