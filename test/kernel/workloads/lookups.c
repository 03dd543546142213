// SPDX-License-Identifier: GPL-2.0
// Look-ups of host names, with known counts and without a network: names that are numbers, or must be. Built with glibc and
// with musl.
#include "role.h"
#include <netdb.h>
#include <netinet/in.h>

#define TIMES(count) for (int i = 0; i < (count); i++)

static void look_up(const char *name, int flags)
{
	struct addrinfo hints = { .ai_flags = flags, .ai_socktype = SOCK_STREAM }, *found = NULL;

	if (getaddrinfo(name, "80", &hints, &found) == 0)
		freeaddrinfo(found);
}

static void run(void)
{
	if (start("eb-looks") == 0) {
		ready();
		TIMES(11)
			look_up("eb-nowhere", AI_NUMERICHOST);
		TIMES(7)
			look_up("127.0.0.1", 0);
		TIMES(5)
			gethostbyname("127.0.0.3");
		TIMES(3)
			gethostbyname2("127.0.0.5", AF_INET6);
		TIMES(2)
			look_up(NULL, AI_PASSIVE);
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	return run_workload(argc, argv, (const struct workload[]){ { "run", run }, {} });
}
