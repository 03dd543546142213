// SPDX-License-Identifier: GPL-2.0
// COUNT of one thing, as fast as this machine makes them; of the last ones KEPT stay. One case per argument.
#include "role.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>

#define KEPT 13

static long count;

/* Programs, two at a time. */
static void processes(void)
{
	if (start("eb-flood") == 0) {
		ready();
		for (long i = 0; i < count; i++) {
			if (CHECK(vfork()) == 0) {
				execl("/bin/true", "eb-true", NULL);
				_exit(1);
			}
			if (i > 1)
				CHECK(wait(NULL));
		}
		while (wait(NULL) > 0)
			;
		for (int i = 0; i < KEPT; i++)
			if (start("eb-kept") == 0)
				await("end"), _exit(0);
		done();
	}
	started();
}

/* Files that are made, closed and gone. */
static void opens(void)
{
	if (start("eb-flood") == 0) {
		ready();
		for (long i = 0; i < count; i++) {
			char path[32];
			int fd;

			snprintf(path, sizeof(path), "opened.%ld", i);
			fd = CHECK(open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
			if (i < count - KEPT) {
				close(fd);
				CHECK(unlink(path));
			}
		}
		done();
	}
	started();
}

static void on_signal(int number)
{
	(void)number;
}

static void signals(void)
{
	pid_t target = start("eb-target");

	if (target == 0) {
		signal(SIGUSR1, on_signal);
		ready();
		done();
	}
	if (start("eb-flood") == 0) {
		ready();
		for (long i = 0; i < count; i++)
			CHECK(kill(target, SIGUSR1));
		done();
	}
	started();
}

static struct sockaddr_in address = { .sin_family = AF_INET };

static void serve(int listener)
{
	for (long i = 0; i < count; i++) {
		int fd = CHECK(accept(listener, NULL, NULL));

		CHECK(write(fd, "", 1));
		if (i < count - KEPT) {
			/* Until the client has closed with a reset, so that no TIME_WAIT keeps its port. */
			char byte;
			while (read(fd, &byte, 1) > 0)
				;
			close(fd);
		}
	}
}

static void ask(void)
{
	struct linger reset = { 1, 0 };
	char byte;

	for (long i = 0; i < count; i++) {
		int fd = CHECK(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));

		CHECK(connect(fd, (void *)&address, sizeof(address)));
		if (CHECK(read(fd, &byte, 1)) != 1)
			fail("no answer");
		if (i < count - KEPT) {
			CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)));
			close(fd);
		}
	}
}

/* Writes its port to a file. */
static int listen_here(void)
{
	int listener = CHECK(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	socklen_t len = sizeof(address);
	char port[8];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(bind(listener, (void *)&address, len));
	CHECK(listen(listener, 64));
	CHECK(getsockname(listener, (void *)&address, &len));
	snprintf(port, sizeof(port), "%d", ntohs(address.sin_port));
	mark("port", port);
	return listener;
}

static void connections(void)
{
	int listener = listen_here();

	if (start("eb-server") == 0) {
		ready();
		serve(listener);
		done();
	}
	close(listener);
	if (start("eb-flood") == 0) {
		ready();
		ask();
		done();
	}
	started();
}

static void start_and_reap(void)
{
	pid_t pid = CHECK(vfork());

	if (pid == 0) {
		execl("/bin/true", "eb-true", NULL);
		_exit(1);
	}
	CHECK(waitpid(pid, NULL, 0));
}

/* Both ends; the reset leaves no port behind. */
static void connect_to(int listener, bool is_kept)
{
	struct linger reset = { 1, 0 };
	int near = CHECK(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), far;
	char byte;

	CHECK(connect(near, (void *)&address, sizeof(address)));
	far = CHECK(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	CHECK(write(far, "", 1));
	CHECK(read(near, &byte, 1));
	if (is_kept)
		return;
	CHECK(setsockopt(near, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)));
	close(near);
	close(far);
}

static void make_file(const char *name, long number, bool is_kept)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "%s.%ld", name, number);
	fd = CHECK(open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
	CHECK(write(fd, "", 1));
	if (is_kept)
		return;
	close(fd);
	CHECK(unlink(path));
}

/* KEPT of each stay; 200 of each come and go every second until "go". Then it says how many processes it made. */
static void churn(void)
{
	int listener = listen_here();

	if (start("eb-churn") == 0) {
		struct timespec next, now;
		char made[24];
		long turn = 0;

		for (int i = 0; i < KEPT; i++)
			if (start("eb-kept") == 0)
				await("end"), _exit(0);
		for (int i = 0; i < KEPT; i++) {
			connect_to(listener, true);
			make_file("kept", i, true);
		}
		mark("ready", role_name);
		clock_gettime(CLOCK_MONOTONIC, &next);
		while (access("go", F_OK) != 0) {
			start_and_reap();
			connect_to(listener, false);
			make_file("opened", turn++, false);
			next.tv_nsec += 5000000;
			if (next.tv_nsec >= 1000000000)
				next.tv_sec++, next.tv_nsec -= 1000000000;
			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
			clock_gettime(CLOCK_MONOTONIC, &now);
			if (now.tv_sec > next.tv_sec + 1)
				next = now; /* what it could not do on a busy machine is not made up for in a burst */
		}
		snprintf(made, sizeof(made), "%ld", turn + KEPT);
		mark("made", made);
		done();
	}
	close(listener);
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = {
		{ "processes", processes }, { "opens", opens }, { "signals", signals }, { "connections", connections },
		{ "churn", churn }, {},
	};
	const char *wanted = getenv("COUNT");

	count = wanted ? atol(wanted) : 1009;
	return run_workload(argc, argv, workloads);
}
