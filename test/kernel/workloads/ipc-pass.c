// SPDX-License-Identifier: GPL-2.0
// File descriptors passed on (SCM_RIGHTS, pidfd_getfd), eventfd, pty, signals. Arguments: operations, bytes.
#include "role.h"
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <termios.h>

static long operations, size;

/* `operations` messages with one descriptor of the file "passed" each. */
static void send_fd(int socket, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
	struct iovec piece = { &byte, 1 };
	struct msghdr header = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *rights = CMSG_FIRSTHDR(&header);

	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(rights), &fd, sizeof(int));
	CHECK(sendmsg(socket, &header, 0));
}

static int receive_fd(int socket)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec piece = { &byte, 1 };
	struct msghdr header = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	int fd;

	CHECK(recvmsg(socket, &header, 0));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof(int));
	return fd;
}

static void rights(void)
{
	int ends[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	if (!start("eb-giver")) {
		int fd = CHECK(open("passed", O_CREAT | O_RDWR, 0600));

		close(ends[1]);
		ready();
		for (long i = 0; i < operations; i++)
			send_fd(ends[0], fd);
		done();
	}
	if (!start("eb-taker")) {
		close(ends[0]);
		ready();
		for (long i = 0; i < operations; i++)
			receive_fd(ends[1]);
		done();
	}
	close(ends[0]);
	close(ends[1]);
	started();
}

/* Five control messages with a descriptor each in one message. */
static void controls(void)
{
	enum { MANY = 5 };
	int ends[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	if (!start("eb-giver")) {
		char control[MANY * CMSG_SPACE(sizeof(int))] = {}, byte = 'x';
		struct iovec piece = { &byte, 1 };
		struct msghdr header = {
			.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
		};
		struct cmsghdr *each = CMSG_FIRSTHDR(&header);

		for (int i = 0; i < MANY; i++, each = CMSG_NXTHDR(&header, each)) {
			each->cmsg_level = SOL_SOCKET;
			each->cmsg_type = SCM_RIGHTS;
			each->cmsg_len = CMSG_LEN(sizeof(int));
			memcpy(CMSG_DATA(each), &ends[1], sizeof(int));
		}
		ready();
		for (long i = 0; i < operations; i++)
			CHECK(sendmsg(ends[0], &header, 0));
		done();
	}
	close(ends[0]);
	close(ends[1]);
	started();
}

/* A message with 23 descriptors, and a call that sends 11 messages with one each. */
static void many(void)
{
	enum { RIGHTS = 23, MESSAGES = 11 };
	int ends[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	if (!start("eb-giver")) {
		char control[CMSG_SPACE(RIGHTS * sizeof(int))] = {}, byte = 'x';
		struct iovec piece = { &byte, 1 };
		struct msghdr header = {
			.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
		};
		struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
		struct mmsghdr messages[MESSAGES];

		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		for (int i = 0; i < RIGHTS; i++)
			memcpy(CMSG_DATA(rights) + i * sizeof(int), &ends[1], sizeof(int));
		ready();
		for (long i = 0; i < operations; i++) {
			header.msg_controllen = CMSG_SPACE(RIGHTS * sizeof(int));
			rights->cmsg_len = CMSG_LEN(RIGHTS * sizeof(int));
			CHECK(sendmsg(ends[0], &header, 0));
			header.msg_controllen = CMSG_SPACE(sizeof(int));
			rights->cmsg_len = CMSG_LEN(sizeof(int));
			for (int m = 0; m < MESSAGES; m++)
				messages[m] = (struct mmsghdr){ .msg_hdr = header };
			if (sendmmsg(ends[0], messages, MESSAGES, 0) != MESSAGES)
				_exit(1);
		}
		done();
	}
	close(ends[0]);
	close(ends[1]);
	started();
}

static void getfd(void)
{
	pid_t giver = start("eb-giver");

	if (!giver) {
		int fd = CHECK(open("passed", O_CREAT | O_RDWR, 0600));

		if (dup2(fd, 77) < 0)
			fail("dup2");
		ready();
		done();
	}
	if (!start("eb-taker")) {
		int pidfd = CHECK(syscall(SYS_pidfd_open, giver, 0));

		ready();
		for (long i = 0; i < operations; i++)
			CHECK(syscall(SYS_pidfd_getfd, pidfd, 77, 0));
		done();
	}
	started();
}

static void eventfd_(void)
{
	int fd = CHECK(eventfd(0, EFD_SEMAPHORE));

	for (int i = 0; i < 2; i++)
		if (!start(i ? "eb-waiter" : "eb-ringer")) {
			unsigned long long value = 1;

			ready();
			for (long j = 0; j < operations; j++)
				CHECK(i ? read(fd, &value, 8) : write(fd, &value, 8));
			done();
		}
	close(fd);
	started();
}

/* Raw mode, so that bytes pass unchanged. */
static void pty(void)
{
	int master = CHECK(posix_openpt(O_RDWR | O_NOCTTY)), slave;
	struct termios raw;

	CHECK(grantpt(master));
	CHECK(unlockpt(master));
	slave = CHECK(open(ptsname(master), O_RDWR | O_NOCTTY));
	CHECK(tcgetattr(slave, &raw));
	cfmakeraw(&raw);
	CHECK(tcsetattr(slave, TCSANOW, &raw));
	if (!start("eb-terminal")) {
		close(slave);
		ready();
		write_all(master, operations, size);
		read_all(master, 1009);
		done();
	}
	if (!start("eb-shell")) {
		close(master);
		ready();
		read_all(slave, operations * size);
		write_all(slave, 1, 1009);
		done();
	}
	close(master);
	close(slave);
	started();
}

/* One terminal program with three terminals, each with a shell. */
static void terminals(void)
{
	int masters[3], slaves[3];
	struct termios raw;

	for (int i = 0; i < 3; i++) {
		masters[i] = CHECK(posix_openpt(O_RDWR | O_NOCTTY));
		CHECK(grantpt(masters[i]));
		CHECK(unlockpt(masters[i]));
		slaves[i] = CHECK(open(ptsname(masters[i]), O_RDWR | O_NOCTTY));
		CHECK(tcgetattr(slaves[i], &raw));
		cfmakeraw(&raw);
		CHECK(tcsetattr(slaves[i], TCSANOW, &raw));
	}
	if (!start("eb-terminal")) {
		for (int i = 0; i < 3; i++)
			close(slaves[i]);
		ready();
		for (int i = 0; i < 3; i++)
			write_all(masters[i], i + 1, size);
		done();
	}
	for (int i = 0; i < 3; i++) {
		char name[] = { 'e', 'b', '-', 's', 'h', 'e', 'l', 'l', '1' + i, 0 };

		if (start(name))
			continue;
		for (int j = 0; j < 3; j++) {
			close(masters[j]);
			if (j != i)
				close(slaves[j]);
		}
		ready();
		read_all(slaves[i], (i + 1) * size);
		done();
	}
	for (int i = 0; i < 3; i++) {
		close(masters[i]);
		close(slaves[i]);
	}
	started();
}

static void ignore(int signal)
{
	(void)signal;
}

static pid_t start_target(void)
{
	pid_t pid = start("eb-target");

	if (pid)
		return pid;
	signal(SIGUSR1, ignore);
	signal(SIGUSR2, ignore);
	signal(SIGRTMIN, ignore);
	ready();
	done();
}

/* kill SIGUSR1, tgkill SIGUSR2, sigqueue SIGRTMIN: operations, operations + 1, operations + 2 times. */
static void signals(void)
{
	pid_t target = start_target();

	if (!start("eb-sender")) {
		union sigval value = { .sival_int = 7 };

		ready();
		for (long i = 0; i < operations; i++)
			CHECK(kill(target, SIGUSR1));
		for (long i = 0; i < operations + 1; i++)
			CHECK(syscall(SYS_tgkill, target, target, SIGUSR2));
		for (long i = 0; i < operations + 2; i++)
			CHECK(sigqueue(target, SIGRTMIN, value));
		CHECK(kill(target, 0));
		done();
	}
	started();
}

/* From the kernel: SIGCHLD for each child, one SIGPIPE. */
static void faults(void)
{
	if (!start("eb-target")) {
		int ends[2];

		signal(SIGPIPE, ignore);
		signal(SIGCHLD, ignore);
		ready();
		for (long i = 0; i < operations; i++) {
			if (!CHECK(fork()))
				_exit(0);
			while (wait(NULL) < 0)
				;
		}
		CHECK(pipe(ends));
		close(ends[0]);
		if (write(ends[1], "x", 1) >= 0)
			fail("no SIGPIPE");
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = {
		{ "rights", rights }, { "controls", controls }, { "many", many }, { "getfd", getfd }, { "eventfd", eventfd_ }, { "pty", pty }, { "terminals", terminals },
		{ "signals", signals }, { "faults", faults }, { 0 },
	};
	operations = argc > 2 ? atol(argv[2]) : 13;
	size = argc > 3 ? atol(argv[3]) : 101;
	return run_workload(argc, argv, workloads);
}
