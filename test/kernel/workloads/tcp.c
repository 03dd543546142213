// SPDX-License-Identifier: GPL-2.0
// TCP connections with known bytes. Argument: the case, then v4, v6, mapped or multipath (v4). With NETNS in their own network namespace.
#include "role.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#define CONNECTIONS 13
#define REFUSED 17
#define SHORT 251
#define SHORT_ASKED 83
#define SHORT_ANSWERED 3251
#define ASKED 100003 /* bytes from client to server on each, plus its number */
#define ANSWERED 211 /* and back */

static const char *family;
static struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };
static struct sockaddr_in to4 = { .sin_family = AF_INET };

static int stream(int domain)
{
	return CHECK(socket(domain, SOCK_STREAM, strcmp(family, "multipath") ? IPPROTO_TCP : IPPROTO_MPTCP));
}

/* A listener on a port that the kernel chooses; both kinds of address then name it. */
static int listen_on(void)
{
	int is_v4 = strcmp(family, "v6") && strcmp(family, "mapped"), fd = stream(is_v4 ? AF_INET : AF_INET6);
	socklen_t len = is_v4 ? sizeof(to4) : sizeof(to6);
	struct sockaddr *address = is_v4 ? (void *)&to4 : (void *)&to6;
	char port[8];

	to4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to6.sin6_addr = strcmp(family, "mapped") ? in6addr_loopback : in6addr_any;
	CHECK(bind(fd, address, len));
	CHECK(getsockname(fd, address, &len));
	to6.sin6_port = to4.sin_port = is_v4 ? to4.sin_port : to6.sin6_port;
	to6.sin6_addr = in6addr_loopback;
	snprintf(port, sizeof(port), "%d", ntohs(to4.sin_port));
	mark("port", port);
	return fd;
}

static int connect_to(void)
{
	int is_v6 = !strcmp(family, "v6"), fd = stream(is_v6 ? AF_INET6 : AF_INET);

	if (connect(fd, is_v6 ? (void *)&to6 : (void *)&to4, is_v6 ? sizeof(to6) : sizeof(to4)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void serve(int listener)
{
	int fds[CONNECTIONS];

	for (int i = 0; i < CONNECTIONS; i++)
		fds[i] = CHECK(accept(listener, NULL, NULL));
	for (int i = 0; i < CONNECTIONS; i++) {
		read_all(fds[i], ASKED + i);
		write_all(fds[i], 1, ANSWERED);
	}
}

static void ask(const int *fds)
{
	for (int i = 0; i < CONNECTIONS; i++)
		write_all(fds[i], 1, ASKED + i);
	for (int i = 0; i < CONNECTIONS; i++)
		read_all(fds[i], ANSWERED);
}

static void connect_all(int *fds)
{
	for (int i = 0; i < CONNECTIONS; i++)
		fds[i] = CHECK(connect_to());
}

static void exchange(int is_early)
{
	int listener = listen_on(), fds[CONNECTIONS];

	if (start("eb-server") == 0) {
		CHECK(listen(listener, 29));
		mark("listening", "");
		ready();
		serve(listener);
		done();
	}
	close(listener);
	await("listening");
	if (start("eb-client") == 0) {
		if (is_early)
			connect_all(fds);
		ready();
		if (!is_early)
			connect_all(fds);
		ask(fds);
		done();
	}
	started();
}

static void fresh(void) { exchange(0); }
static void old(void) { exchange(1); }

/* The port is bound, nothing listens. */
static void refused(void)
{
	listen_on();
	if (start("eb-refused") == 0) {
		ready();
		for (int i = 0; i < REFUSED; i++)
			connect_to();
		done();
	}
	started();
}

/* Connections that are gone before the first refresh. */
static void brief(void)
{
	int listener = listen_on();

	CHECK(listen(listener, 29));
	if (start("eb-brief") == 0) {
		ready();
		for (int i = 0; i < CONNECTIONS; i++) {
			int here = CHECK(connect_to()), there = CHECK(accept(listener, NULL, NULL));

			write_all(here, 1, 1009);
			read_all(there, 1009);
			close(here);
			close(there);
		}
		close(listener);
		done();
	}
	close(listener);
	started();
}

/* One answer for each request, and the server closes: TIME_WAIT is on its side. */
static void answer(int listener)
{
	for (;;) {
		int fd = CHECK(accept(listener, NULL, NULL));

		read_all(fd, SHORT_ASKED);
		write_all(fd, 1, SHORT_ANSWERED);
		close(fd);
	}
}

static void ask_shortly(void)
{
	for (int i = 0; i < SHORT; i++) {
		int fd = CHECK(connect_to());
		char byte;

		write_all(fd, 1, SHORT_ASKED);
		read_all(fd, SHORT_ANSWERED);
		CHECK(read(fd, &byte, 1));
		close(fd);
	}
}

/* Many connections that are gone at once, of several processes at either end. */
static void brief_many(void)
{
	static const char *clients[] = { "eb-one", "eb-two", "eb-three", "eb-four" };
	int listener = listen_on();
	pid_t servers[2];

	CHECK(listen(listener, 500));
	for (int i = 0; i < 2; i++)
		if ((servers[i] = start(i ? "eb-right" : "eb-left")) == 0)
			answer(listener);
	close(listener);
	for (int i = 0; i < 4; i++)
		if (start(clients[i]) == 0) {
			ready();
			ask_shortly();
			done();
		}
	mark("started", "");
	await("end");
	for (int i = 0; i < 2; i++)
		kill(servers[i], SIGKILL);
	started();
}

static const struct workload workloads[] = {
	{ "fresh", fresh }, { "old", old }, { "refused", refused }, { "brief", brief }, { "brief-many", brief_many }, {},
};

static void leave_network(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	CHECK(unshare(CLONE_NEWNET));
	fd = CHECK(socket(AF_INET, SOCK_DGRAM, 0));
	CHECK(ioctl(fd, SIOCSIFFLAGS, &request));
	close(fd);
}

int main(int argc, char **argv)
{
	if (getenv("NETNS"))
		leave_network();
	family = argc > 2 ? argv[2] : "v4";
	return run_workload(argc, argv, workloads);
}
