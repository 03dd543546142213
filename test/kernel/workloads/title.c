// SPDX-License-Identifier: GPL-2.0
// Programs that write a title over their own command line, as setproctitle(3) does, and then sleep forever.
#include "role.h"

static char *title, *title_end;

static void set_title(const char *text)
{
	memset(title, 0, title_end - title);
	strncpy(title, text, title_end - title - 1);
}

/* Sleeps without looking for a file now and then, until it is killed. */
static void sleep_for_good(void)
{
	mark("done", role_name);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	pid_t worker;

	title = argv[0];
	title_end = argv[argc - 1] + strlen(argv[argc - 1]) + 1;
	become("eb-main");
	worker = start("eb-worker");
	if (worker == 0) {
		ready();
		set_title("eb: worker 7");
		sleep_for_good();
	}
	note_pid("eb-main", getpid());
	mark("started", "");
	ready();
	set_title("eb: main 13");
	mark("done", "eb-main");
	await("end");
	kill(worker, SIGKILL);
	wait(NULL);
	return 0;
}
