// SPDX-License-Identifier: GPL-2.0
// Calls that are events by themselves, with known counts: sockets, and calls that change capabilities or inspect other
// processes.
#include "role.h"
#include <arpa/inet.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/un.h>

#define TIMES(count) for (int i = 0; i < (count); i++)

static void expect_failure(long result)
{
	if (result >= 0)
		fail("that should have failed");
}

static struct sockaddr_in local_port(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static void bind_and_connect(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "eb-none" }, mine = { .sun_family = AF_UNIX, .sun_path = "\0eb-abstract" };
	struct sockaddr_in address = local_port(0);
	socklen_t len = sizeof(address);
	int fd = CHECK(socket(AF_INET, SOCK_STREAM, 0));

	CHECK(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	CHECK(getsockname(fd, (struct sockaddr *)&address, &len));
	TIMES(7) { /* the port is bound, and nothing listens on it */
		int other = CHECK(socket(AF_INET, SOCK_STREAM, 0));

		expect_failure(connect(other, (struct sockaddr *)&address, len));
		close(other);
	}
	TIMES(5) {
		int other = CHECK(socket(AF_UNIX, SOCK_STREAM, 0));

		expect_failure(connect(other, (struct sockaddr *)&name, sizeof(name)));
		close(other);
	}
	TIMES(3) {
		int other = CHECK(socket(AF_UNIX, SOCK_STREAM, 0));

		CHECK(bind(other, (struct sockaddr *)&mine, sizeof(sa_family_t) + 12));
		close(other);
	}
	close(fd);
}

static void sockets(void)
{
	if (start("eb-sockets") == 0) {
		ready();
		bind_and_connect();
		done();
	}
	started();
}

static void trace_child(void)
{
	pid_t child = CHECK(fork());

	if (child == 0) {
		pause();
		_exit(0);
	}
	note_pid("eb-traced", child);
	CHECK(ptrace(PTRACE_SEIZE, child, 0, 0));
	CHECK(ptrace(PTRACE_DETACH, child, 0, 0) < 0 ? 0 : 0); /* not an event, whether it succeeds or not */
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void dump_core(void)
{
	pid_t child = CHECK(fork());

	if (child == 0) {
		struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

		setrlimit(RLIMIT_CORE, &all);
		become("eb-aborts");
		abort();
	}
	note_pid("eb-aborts", child);
	waitpid(child, NULL, 0);
}

static void change_rights(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { .effective = 1 << CAP_KILL, .permitted = 1 << CAP_KILL | 1 << CAP_SETUID | 1 << CAP_SETGID }, {} };

	TIMES(3)
		CHECK(setresgid(-1, 65534, -1));
	TIMES(2)
		CHECK(setresuid(-1, 0, -1));
	CHECK(syscall(SYS_capset, &header, data));
	expect_failure(setresuid(7, 7, 7));
}

static void security(void)
{
	if (start("eb-security") == 0) {
		ready();
		CHECK(unshare(CLONE_NEWNS));
		CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
		CHECK(mkdir("mnt", 0755));
		TIMES(5) {
			CHECK(mount("eb-facts", "mnt", "tmpfs", 0, NULL));
			CHECK(umount2("mnt", MNT_DETACH));
		}
		trace_child();
		dump_core();
		change_rights();
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	return run_workload(argc, argv, (const struct workload[]){ { "sockets", sockets }, { "security", security }, {} });
}
