// SPDX-License-Identifier: GPL-2.0
// Processes in their own network namespaces. Arguments: the case, how many, the user who creates them, a prefix of names.
// With sockets: each has a listener and one connection to itself, over which 7919 bytes and its number go.
#include "role.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#define PORT 7777
#define BYTES 7919

static int count, user;
static const char *prefix;

/* Only root may create one without a user namespace around it. */
static void enter_own_network(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	if (user) {
		CHECK(setresgid(user, user, user));
		CHECK(setresuid(user, user, user));
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	}
	CHECK(unshare(CLONE_NEWNET | (user ? CLONE_NEWUSER : 0)));
	fd = CHECK(socket(AF_INET, SOCK_DGRAM, 0));
	CHECK(ioctl(fd, SIOCSIFFLAGS, &request));
	close(fd);
}

static int listen_here(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = CHECK(socket(AF_INET, SOCK_STREAM, 0));

	CHECK(bind(listener, (struct sockaddr *)&here, sizeof(here)));
	CHECK(listen(listener, 1));
	return listener;
}

static void talk_to_itself(int number)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = listen_here(), client = CHECK(socket(AF_INET, SOCK_STREAM, 0)), server;

	CHECK(connect(client, (struct sockaddr *)&here, sizeof(here)));
	server = CHECK(accept(listener, NULL, NULL));
	ready();
	write_all(client, 1, BYTES + number);
	read_all(server, BYTES + number);
}

static void each(void (*work)(int number))
{
	char names[64][16];

	for (int i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "%s%d", prefix, i);
		if (start(names[i]))
			continue;
		enter_own_network();
		work(i);
		done();
	}
	started();
}

/* Without a socket until it is told to work. */
static void stay(int number)
{
	(void)number;
	ready();
	listen_here();
}

/* Many addresses. */
static void fill_addresses(int number)
{
	struct ifreq request = { 0 };
	struct sockaddr_in *address = (struct sockaddr_in *)&request.ifr_addr;
	int fd = CHECK(socket(AF_INET, SOCK_DGRAM, 0));

	for (int i = 0; i < 101; i++) {
		snprintf(request.ifr_name, sizeof(request.ifr_name), "lo:%d", i);
		address->sin_family = AF_INET;
		address->sin_addr.s_addr = htonl(0x0a630000 + 256 * number + i + 1);
		CHECK(ioctl(fd, SIOCSIFADDR, &request));
	}
	close(fd);
	ready();
}

static void addresses(void)
{
	each(fill_addresses);
}

static void sockets(void)
{
	each(talk_to_itself);
}

static void empty(void)
{
	each(stay);
}

/* One process with its own uid inside a user namespace that root created. */
static void mapped(void)
{
	int ready_pipe[2], go_pipe[2];
	char path[64];
	pid_t pid;

	CHECK(pipe(ready_pipe));
	CHECK(pipe(go_pipe));
	pid = start("eb-mapped");
	if (!pid) {
		CHECK(unshare(CLONE_NEWUSER));
		write_all(ready_pipe[1], 1, 1);
		read_all(go_pipe[0], 1);
		CHECK(setresuid(5, 5, 5));
		ready();
		done();
	}
	read_all(ready_pipe[0], 1);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	dprintf(CHECK(open(path, O_WRONLY)), "0 100000 10\n");
	write_all(go_pipe[1], 1, 1);
	started();
}

int main(int argc, char **argv)
{
	count = argc > 2 ? atoi(argv[2]) : 0;
	user = argc > 3 ? atoi(argv[3]) : 0;
	prefix = argc > 4 ? argv[4] : "eb-net";
	return run_workload(argc, argv, (struct workload[]){
		{ "sockets", sockets }, { "empty", empty }, { "addresses", addresses }, { "mapped", mapped }, {} });
}
