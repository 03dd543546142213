// SPDX-License-Identifier: GPL-2.0
// Programs started, and some that cannot be. Started again under a name that begins with eb-, it only waits.
#include "role.h"
#include <pthread.h>

#define ARGS 900

static char self[4096];

/* Another name for this program: what is executed by it has that comm. */
static const char *alias(const char *name)
{
	if (symlink(self, name) < 0 && errno != EEXIST)
		fail("symlink");
	return name;
}

static void many_args(void)
{
	char *args[ARGS + 1], text[ARGS][160];

	for (int i = 0; i < ARGS; i++) {
		snprintf(text[i], sizeof(text[i]), "argument-%d-%0100d", i, i);
		args[i] = text[i];
	}
	args[0] = (char *)alias("eb-args");
	args[ARGS] = NULL;
	CHECK(execv("eb-args", args));
}

static void strange_args(void)
{
	char *args[] = { (char *)alias("eb-strange"), "two words", "a\nnewline", "esc\033[31m", "", "\xff\xfe", NULL };

	CHECK(execv("eb-strange", args));
}

static void huge_arg(void)
{
	char *text = malloc(130001);
	char *args[] = { (char *)alias("eb-huge"), text, text, NULL };

	memset(text, 'x', 130000);
	text[130000] = 0;
	CHECK(execv("eb-huge", args));
}

/* 130,973 bytes that are no UTF-8: a prime number, and nearly the most that the kernel takes as one argument. */
static void broken_arg(void)
{
	char *text = malloc(130974);
	char *args[] = { (char *)alias("eb-broken"), text, NULL };

	memset(text, 0xff, 130973);
	text[130973] = 0;
	CHECK(execv("eb-broken", args));
}

static void script(void)
{
	char *args[] = { "ignored", "one", NULL };
	char text[8192];
	int fd = CHECK(open("eb-script", O_CREAT | O_WRONLY, 0755));

	alias("eb-interp");
	snprintf(text, sizeof(text), "#!%s/eb-interp -x\n", getcwd(self, sizeof(self)));
	CHECK(write(fd, text, strlen(text)));
	close(fd);
	CHECK(execv("./eb-script", args));
}

static void *exec_in_thread(void *unused)
{
	char *args[] = { (char *)alias("eb-by-thread"), "threaded", NULL };

	execv("eb-by-thread", args);
	return unused;
}

static void thread(void)
{
	pthread_t other;

	pthread_create(&other, NULL, exec_in_thread, NULL);
	pause();
}

static void by_vfork(void)
{
	char *args[] = { (char *)alias("eb-vforked"), "v", NULL };
	pid_t pid = vfork();

	if (pid == 0) {
		execv("eb-vforked", args);
		_exit(1);
	}
	note_pid("eb-vforked", pid);
	done();
}

static void try_to_exec(const char *path)
{
	char *args[] = { (char *)path, NULL };

	execv(path, args);
}

static void failing(void)
{
	int fd = CHECK(open("eb-garbage", O_CREAT | O_WRONLY, 0755));

	CHECK(write(fd, "garbage\n", 8));
	close(fd);
	close(CHECK(open("eb-denied", O_CREAT | O_WRONLY, 0644)));
	for (int i = 0; i < 3; i++)
		try_to_exec("./eb-missing");
	for (int i = 0; i < 5; i++)
		try_to_exec("./eb-denied");
	try_to_exec("./eb-garbage");
	done();
}

/* More than one record has room for: 211 arguments of 31 bytes. */
static void failing_args(void)
{
	char text[1010], edge[256], many[211][32], *long_argv[213], *short_argv[12];
	char *args[] = { "eb-name", "two words", "", "esc\033[31m", text, edge, NULL };
	char *bad[] = { "eb-bad", (char *)1, "behind", NULL };

	memset(text, 'x', sizeof(text) - 1);
	memset(edge, 'y', sizeof(edge) - 1);
	text[sizeof(text) - 1] = edge[sizeof(edge) - 1] = 0;
	for (int i = 0; i < 7; i++)
		execv("./eb-missing", args);
	for (int i = 0; i < 5; i++)
		CHECK(execveat(AT_FDCWD, "./eb-missing", args, NULL, 0) < 0 ? 0 : -1);
	execv("./eb-missing", bad);
	long_argv[0] = "eb-long";
	for (int i = 0; i < 211; i++) {
		snprintf(many[i], sizeof(many[i]), "%031d", i);
		long_argv[i + 1] = many[i];
	}
	long_argv[212] = NULL;
	execv("./eb-missing", long_argv);
	for (int i = 0; i < 11; i++)
		short_argv[i] = "z";
	short_argv[11] = NULL;
	execv("./eb-missing", short_argv);
	execv("./eb-missing", (char *[]){ NULL });
	done();
}

static const struct workload workloads[] = {
	{ "many-args", many_args },   { "strange-args", strange_args }, { "huge-arg", huge_arg },
	{ "broken-arg", broken_arg }, { "script", script },		{ "thread", thread },
	{ "vfork", by_vfork },	      { "failing", failing },		{ "failing-args", failing_args },
	{},
};

static void wait_as(const char *path)
{
	const char *slash = strrchr(path, '/');

	role_name = slash ? slash + 1 : path;
	note_pid(role_name, getpid());
	done();
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');

	if (!strncmp(slash ? slash + 1 : argv[0], "eb-", 3))
		wait_as(argc > 2 && !strcmp(argv[1], "-x") ? argv[2] : argv[0]);
	self[CHECK(readlink("/proc/self/exe", self, sizeof(self) - 1))] = 0;
	for (const struct workload *one = workloads; one->name; one++)
		if (argc > 1 && !strcmp(one->name, argv[1]) && start("eb-execs") == 0) {
			ready();
			one->run();
		}
	started();
	return 0;
}
