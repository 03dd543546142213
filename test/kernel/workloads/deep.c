/* SPDX-License-Identifier: GPL-2.0 */
/* Opens one file in an unusual way. Usage: deep CASE; see the cases. All names are relative to the working directory. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MUST(condition) do { if (!(condition)) _exit(__LINE__ & 127 ?: 1); } while (0)

static void write_here(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0600);

	MUST(fd >= 0 && write(fd, "x", 1) == 1);
}

/* count directories of `length` letters each, one in the other */
static void descend(int count, int length)
{
	char name[256];

	memset(name, 'd', length);
	name[length] = 0;
	for (int i = 0; i < count; i++)
		MUST(mkdir(name, 0700) == 0 && chdir(name) == 0);
	write_here("end");
}

static void bind_mount(void)
{
	MUST(unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	MUST(mkdir("from", 0700) == 0 && mkdir("to", 0700) == 0 && mkdir("from/inner", 0700) == 0);
	MUST(mount("from", "to", NULL, MS_BIND, NULL) == 0);
	write_here("to/inner/bound");
}

static void change_root(void)
{
	MUST(mkdir("jail", 0700) == 0 && mkdir("jail/etc", 0700) == 0 && chroot("jail") == 0 && chdir("/") == 0);
	write_here("/etc/jailed");
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	prctl(PR_SET_NAME, "eb-deep");
	if (!strcmp(argv[1], "many"))
		descend(300, 8); /* 2,700 bytes */
	else if (!strcmp(argv[1], "short"))
		descend(900, 1); /* 1,800 bytes */
	else if (!strcmp(argv[1], "too-long"))
		descend(20, 250); /* 5,020 bytes */
	else if (!strcmp(argv[1], "bind"))
		bind_mount();
	else if (!strcmp(argv[1], "chroot"))
		change_root();
	else
		return 2;
	return 0;
}
