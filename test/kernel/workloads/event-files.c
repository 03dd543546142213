// SPDX-License-Identifier: GPL-2.0
// Names created, removed, renamed, and looked up without success, with known counts. All names that are counted begin with
// x-.
#include "role.h"
#include <linux/openat2.h>

#define TIMES(count) for (int i = 0; i < (count); i++)

static const char *numbered(const char *name, int number)
{
	static char text[2][64];
	static int turn;

	turn = !turn;
	snprintf(text[turn], sizeof(text[turn]), "x-%s%d", name, number);
	return text[turn];
}

static void expect_failure(long result)
{
	if (result >= 0)
		fail("that should have failed");
}

static void make(const char *name)
{
	close(CHECK(open(name, O_CREAT | O_WRONLY, 0644)));
}

static void ask_in_vain(void)
{
	struct open_how how = { .flags = O_RDONLY };
	struct stat about;
	char text[16];
	int sub = CHECK(open("x-sub", O_RDONLY | O_DIRECTORY));

	TIMES(13)
		expect_failure(open(numbered("none", i), O_RDONLY));
	TIMES(7)
		expect_failure(open("/x-nowhere/file", O_RDWR));
	TIMES(5)
		expect_failure(openat(sub, "x-below", O_RDONLY));
	TIMES(3)
		expect_failure(syscall(SYS_openat2, sub, "../x-beside", &how, sizeof(how)));
	TIMES(2)
		expect_failure(open("x-sub", O_WRONLY)); /* EISDIR */
	expect_failure(openat(999, "x-no-directory", O_RDONLY)); /* EBADF */
	expect_failure(open((char *)8, O_RDONLY)); /* EFAULT */
	TIMES(17)
		expect_failure(stat("x-no-stat", &about));
	TIMES(11)
		expect_failure(access("/x-no-access", F_OK));
	TIMES(3)
		expect_failure(readlinkat(sub, "x-no-link", text, sizeof(text)));
	close(sub);
}

static void make_and_remove(void)
{
	TIMES(23)
		make(numbered("made", i));
	TIMES(19)
		make(numbered("made", i)); /* they exist */
	TIMES(5)
		CHECK(mkdir(numbered("dir", i), 0755));
	TIMES(3)
		CHECK(symlink("x-made0", numbered("symlink", i)));
	TIMES(2)
		CHECK(link("x-made0", numbered("link", i)));
	CHECK(mkfifo("x-fifo", 0600));
	TIMES(7)
		CHECK(rename(numbered("made", i), numbered("new", i)));
	CHECK(syscall(SYS_renameat2, AT_FDCWD, "x-new0", AT_FDCWD, "x-new1", 2 /* RENAME_EXCHANGE */));
	TIMES(5)
		CHECK(rmdir(numbered("dir", i)));
	TIMES(7)
		CHECK(unlink(numbered("new", i)));
	CHECK(unlink("x-old")); /* created before the session */
	expect_failure(unlink("x-old"));
}

static void ask(void)
{
	struct open_how how = { .flags = O_WRONLY | O_TRUNC };
	struct stat about;
	char text[16];
	int sub = CHECK(open("x-sub", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	TIMES(13)
		close(CHECK(open("x-old", O_RDONLY | O_CLOEXEC)));
	TIMES(11)
		close(CHECK(openat(sub, "../x-old", O_RDWR | O_APPEND | O_NONBLOCK)));
	TIMES(7)
		close(CHECK(syscall(SYS_creat, "x-creat", 0600)));
	TIMES(5)
		close(CHECK(syscall(SYS_openat2, sub, "../x-old", &how, sizeof(how))));
	TIMES(3)
		expect_failure(open("x-old", O_WRONLY | O_CREAT | O_EXCL, 0600));
	TIMES(2)
		close(CHECK(open(numbered("new", i), O_WRONLY | O_CREAT | O_EXCL, 0600)));
	TIMES(17)
		CHECK(stat("x-old", &about));
	TIMES(7)
		CHECK(access("x-sub/../x-old", F_OK));
	TIMES(5)
		CHECK(syscall(SYS_newfstatat, sub, "", &about, AT_EMPTY_PATH));
	CHECK(symlink("somewhere", "x-link"));
	TIMES(3)
		CHECK(readlinkat(AT_FDCWD, "x-link", text, sizeof(text)));
	TIMES(2)
		expect_failure(access("x-none", F_OK));
	note_pid("descriptor", CHECK(open("x-last", O_RDWR | O_CREAT, 0600)));
}

static void asked(void)
{
	if (start("eb-files") == 0) {
		make("x-old");
		CHECK(mkdir("x-sub", 0755));
		ready();
		ask();
		done();
	}
	started();
}

/* Far more than the ring has room for, and then a few. */
static void many(void)
{
	if (start("eb-files") == 0) {
		make("x-old");
		ready();
		TIMES(4211)
			close(CHECK(open("x-old", O_RDONLY)));
		mark("half", role_name);
		await("again");
		TIMES(7)
			close(CHECK(open("x-old", O_RDWR)));
		done();
	}
	started();
}

static void files(void)
{
	if (start("eb-files") == 0) {
		make("x-old");
		CHECK(mkdir("x-sub", 0755));
		ready();
		ask_in_vain();
		make_and_remove();
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	return run_workload(argc, argv, (const struct workload[]){ { "files", files }, { "asked", asked }, { "many", many }, {} });
}
