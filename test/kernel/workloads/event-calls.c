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
#include <sys/time.h>
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

static void on_alarm(int sig)
{
	(void)sig;
}

static void sleep_until(clockid_t clock, long ms)
{
	struct timespec then;

	CHECK(clock_gettime(clock, &then));
	then.tv_nsec += ms * 1000000;
	then.tv_sec += then.tv_nsec / 1000000000;
	then.tv_nsec %= 1000000000;
	CHECK(-clock_nanosleep(clock, TIMER_ABSTIME, &then, NULL));
}

static char state_of(pid_t pid)
{
	char path[64], text[256] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = CHECK(open(path, O_RDONLY));
	CHECK(read(fd, text, sizeof(text) - 1));
	close(fd);
	return strrchr(text, ')')[2];
}

static void await_state(pid_t pid, char state)
{
	while (state_of(pid) != state)
		doze(2000);
}

/* Forks a process that sleeps, and waits until it does. */
static pid_t sleeper(const char *name, long seconds, long ns)
{
	pid_t pid = CHECK(fork());

	if (pid == 0) {
		struct timespec time = { seconds, ns };

		become(name);
		nanosleep(&time, NULL);
		_exit(0);
	}
	note_pid(name, pid);
	await_state(pid, 'S');
	return pid;
}

static void sleep_in_many_ways(void)
{
	struct timespec wrong = { 0, -1 }, same = { 0, 17000000 };
	struct itimerval soon = { .it_value = { 0, 19000 } };
	struct sigaction action = { .sa_handler = on_alarm };
	pid_t stopped, killed;

	TIMES(7)
		doze(13000);
	TIMES(5)
		sleep_until(CLOCK_MONOTONIC, 11);
	TIMES(3)
		sleep_until(CLOCK_REALTIME, 5);
	TIMES(2)
		CHECK(syscall(SYS_nanosleep, &same, &same));
	TIMES(3)
		expect_failure(nanosleep(&wrong, NULL));
	CHECK(sigaction(SIGALRM, &action, NULL));
	CHECK(setitimer(ITIMER_REAL, &soon, NULL));
	doze(4001000000);
	stopped = sleeper("eb-stopped", 0, 307000000);
	kill(stopped, SIGSTOP);
	await_state(stopped, 'T');
	kill(stopped, SIGCONT);
	waitpid(stopped, NULL, 0);
	killed = sleeper("eb-killed", 4003, 0);
	kill(killed, SIGKILL);
	waitpid(killed, NULL, 0);
}

static void sleeps(void)
{
	if (start("eb-sleeps") == 0) {
		ready();
		sleep_in_many_ways();
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	return run_workload(argc, argv,
			    (const struct workload[]){ { "sockets", sockets }, { "security", security }, { "sleeps", sleeps }, {} });
}
