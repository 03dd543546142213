// SPDX-License-Identifier: GPL-2.0
// One end of a connection between two machines: "server" listens at 10.77.0.2, "client" connects to it. 7919 bytes go to the
// server, 104729 back.
#include "role.h"
#include <arpa/inet.h>
#include <netinet/in.h>

#define PORT 7777
#define THERE 7919
#define BACK 104729

static struct sockaddr_in address(void)
{
	struct sockaddr_in server = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	inet_pton(AF_INET, "10.77.0.2", &server.sin_addr);
	return server;
}

static void serve(void)
{
	struct sockaddr_in here = address();
	int listener, connection;

	if (start("eb-far")) {
		started();
		return;
	}
	listener = CHECK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)));
	CHECK(bind(listener, (struct sockaddr *)&here, sizeof(here)));
	CHECK(listen(listener, 1));
	ready();
	connection = CHECK(accept(listener, NULL, NULL));
	read_all(connection, THERE);
	write_all(connection, 1, BACK);
	done();
}

static void ask(void)
{
	struct sockaddr_in there = address();
	int connection;

	if (start("eb-near")) {
		started();
		return;
	}
	connection = CHECK(socket(AF_INET, SOCK_STREAM, 0));
	ready();
	CHECK(connect(connection, (struct sockaddr *)&there, sizeof(there)));
	write_all(connection, 1, THERE);
	read_all(connection, BACK);
	done();
}

int main(int argc, char **argv)
{
	return run_workload(argc, argv, (struct workload[]){ { "server", serve }, { "client", ask }, {} });
}
