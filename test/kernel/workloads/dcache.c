// SPDX-License-Identifier: GPL-2.0
// Names that no cache can have: in a new directory, each once.
#include "role.h"

static void run(void)
{
	if (start("eb-searches") == 0) {
		char name[32];
		struct stat info;

		ready();
		CHECK(mkdir("eb-new", 0755));
		for (int i = 0; i < 11; i++) {
			snprintf(name, sizeof(name), "eb-new/absent-%d", i);
			if (stat(name, &info) == 0)
				fail(name);
		}
		for (int i = 0; i < 7; i++) {
			snprintf(name, sizeof(name), "eb-new/made-%d", i);
			close(CHECK(open(name, O_CREAT | O_EXCL | O_WRONLY, 0644)));
			CHECK(stat(name, &info));
		}
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	return run_workload(argc, argv, (const struct workload[]){ { "run", run }, {} });
}
