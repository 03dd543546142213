// SPDX-License-Identifier: GPL-2.0
// Many channels busy at once, between PAIRS pairs of processes. Arguments: pipes of a pair, and as many socketpairs;
// messages over each of them, bytes of a message. With UID as that user.
#include "role.h"
#include <sys/resource.h>

#define CHANNELS_MAX 400

static int pipes[CHANNELS_MAX][2], sockets[CHANNELS_MAX][2];
static long channels, messages, size;

static void open_channels(void)
{
	for (long i = 0; i < channels; i++) {
		CHECK(pipe(pipes[i]));
		CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets[i]));
	}
}

static void close_ends(int end)
{
	for (long i = 0; i < channels; i++) {
		close(pipes[i][end]);
		close(sockets[i][end]);
	}
}

/* Round after round, so that all channels are busy all the time. */
static void feed(void)
{
	for (long message = 0; message < messages; message++)
		for (long i = 0; i < channels; i++) {
			write_all(pipes[i][1], 1, size);
			write_all(sockets[i][1], 1, size);
		}
}

static void drain(void)
{
	for (long message = 0; message < messages; message++)
		for (long i = 0; i < channels; i++) {
			read_all(pipes[i][0], size);
			read_all(sockets[i][0], size);
		}
}

static void busy(void)
{
	struct rlimit files = { 2048, 2048 };
	const char *uid = getenv("UID");

	CHECK(chmod(".", 0777)); /* for its files (see role.h) */
	CHECK(setrlimit(RLIMIT_NOFILE, &files));
	for (int pair = 0; pair < 100 && pair < atoi(getenv("PAIRS")); pair++) {
		char name[16];

		open_channels();
		for (int end = 0; end < 2; end++) {
			snprintf(name, sizeof(name), end ? "eb-feeder%d" : "eb-drainer%d", pair % 100);
			if (start(name))
				continue;
			close_ends(!end);
			if (uid)
				CHECK(setresuid(atoi(uid), atoi(uid), atoi(uid)));
			ready();
			if (end)
				feed();
			else
				drain();
			done();
		}
		close_ends(0);
		close_ends(1);
	}
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = { { "busy", busy }, { 0 } };

	channels = argc > 2 ? atol(argv[2]) : 50;
	messages = argc > 3 ? atol(argv[3]) : 101;
	size = argc > 4 ? atol(argv[4]) : 211;
	if (channels > CHANNELS_MAX)
		channels = CHANNELS_MAX;
	return run_workload(argc, argv, workloads);
}
