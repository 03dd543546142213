// SPDX-License-Identifier: GPL-2.0
// COUNT of one thing, as fast as this machine makes them; of the last ones KEPT stay. One case per argument.
#include "role.h"
#include <arpa/inet.h>
#include <netinet/in.h>

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
			/* Until the client has gone, by a reset: nothing waits for its port. */
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

static void connections(void)
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

int main(int argc, char **argv)
{
	static const struct workload workloads[] = {
		{ "processes", processes }, { "opens", opens }, { "signals", signals }, { "connections", connections }, {},
	};
	const char *wanted = getenv("COUNT");

	count = wanted ? atol(wanted) : 1009;
	return run_workload(argc, argv, workloads);
}
