// SPDX-License-Identifier: GPL-2.0
// Unix sockets. Arguments: messages and bytes to the server, messages and bytes back to the client.
#include "role.h"
#include <stddef.h>
#include <sys/uio.h>
#include <sys/un.h>

static long messages, size, replies, reply_size;
static int type = SOCK_STREAM;
static const char *server_name = "server.sock";

/* "@x" is abstract. Returns the length to pass. */
static socklen_t fill_address(struct sockaddr_un *address, const char *name)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	strcpy(address->sun_path, name);
	if (*name == '@')
		address->sun_path[0] = 0;
	return offsetof(struct sockaddr_un, sun_path) + strlen(name) + (*name != '@');
}

static int bound(const char *name)
{
	struct sockaddr_un address;
	int fd = CHECK(socket(AF_UNIX, type, 0));

	CHECK(bind(fd, (struct sockaddr *)&address, fill_address(&address, name)));
	return fd;
}

static int connected(const char *name)
{
	struct sockaddr_un address;
	int fd = CHECK(socket(AF_UNIX, type, 0));

	CHECK(connect(fd, (struct sockaddr *)&address, fill_address(&address, name)));
	return fd;
}

static void receive_all(int fd, long count, long bytes)
{
	if (type == SOCK_STREAM)
		return read_all(fd, count * bytes);
	for (long i = 0; i < count; i++)
		if (CHECK(read(fd, (char[65536]){ 0 }, 65536)) != bytes)
			fail("datagram of another size");
}

static void serve(int fd)
{
	receive_all(fd, messages, size);
	write_all(fd, replies, reply_size);
}

static void ask(int fd)
{
	write_all(fd, messages, size);
	receive_all(fd, replies, reply_size);
}

static void start_client(void)
{
	if (start("eb-client"))
		return;
	await_role("ready", "eb-server");
	int fd = connected(server_name);

	ready();
	ask(fd);
	done();
}

/* Path or abstract name, stream or seqpacket; the listener itself serves. The client connects before "go", but the
 * server accepts after it. */
static void listen_(void)
{
	if (!start("eb-server")) {
		int fd = bound(server_name);

		CHECK(listen(fd, 5));
		ready();
		serve(CHECK(accept4(fd, NULL, NULL, SOCK_CLOEXEC)));
		done();
	}
	start_client();
	started();
}

/* The client is gone as soon as the server has read all. */
static void brief(void)
{
	if (!start("eb-server")) {
		int fd = bound(server_name);

		CHECK(listen(fd, 5));
		ready();
		receive_all(CHECK(accept(fd, NULL, NULL)), messages, size);
		done();
	}
	if (!start("eb-client")) {
		await_role("ready", "eb-server");
		write_all(connected(server_name), messages, size);
		await_role("done", "eb-server");
		_exit(0);
	}
	started();
}

static void abstract(void)
{
	server_name = "@eb-abstract";
	listen_();
}

/* The client connects, writes and waits before the server accepts. */
static void accept_late(void)
{
	if (!start("eb-server")) {
		int fd = bound(server_name);

		CHECK(listen(fd, 5));
		mark("ready", role_name);
		await("go");
		await_role("written", "eb-client");
		doze(50000);
		serve(CHECK(accept(fd, NULL, NULL)));
		done();
	}
	if (!start("eb-client")) {
		await_role("ready", "eb-server");
		int fd = connected(server_name);

		ready();
		write_all(fd, messages, size);
		mark("written", role_name);
		receive_all(fd, replies, reply_size);
		done();
	}
	started();
}

/* eb-server accepts, its child eb-worker serves: the worker is the peer. */
static void forked(void)
{
	if (!start("eb-server")) {
		int fd = bound(server_name);

		CHECK(listen(fd, 5));
		mark("ready", role_name);
		int client = CHECK(accept(fd, NULL, NULL));

		if (!start("eb-worker")) {
			close(fd);
			ready();
			serve(client);
			done();
		}
		close(client);
		done();
	}
	start_client();
	started();
}

static void pair(void)
{
	int ends[2];

	CHECK(socketpair(AF_UNIX, type, 0, ends));
	if (!start("eb-client")) {
		close(ends[1]);
		ready();
		ask(ends[0]);
		done();
	}
	if (!start("eb-server")) {
		close(ends[0]);
		ready();
		serve(ends[1]);
		done();
	}
	close(ends[0]);
	close(ends[1]);
	started();
}

/* Both have the pair open, nothing is transferred. */
static void idle(void)
{
	messages = replies = 0;
	pair();
}

/* sendmsg and recvmsg with two pieces each way. */
static void move_pieces(int fd, ssize_t (*move)(int, struct msghdr *), long count, long bytes)
{
	char *first = calloc(1, bytes), *second = calloc(1, bytes);
	struct iovec pieces[] = { { first, bytes / 3 }, { second, bytes - bytes / 3 } };
	struct msghdr header = { .msg_iov = pieces, .msg_iovlen = 2 };

	for (long i = 0; i < count; i++)
		if (CHECK(move(fd, &header)) != bytes)
			fail("short message");
}

static ssize_t send_message(int fd, struct msghdr *header)
{
	return sendmsg(fd, header, 0);
}

static ssize_t receive_message(int fd, struct msghdr *header)
{
	return recvmsg(fd, header, MSG_WAITALL);
}

static void messages_(void)
{
	int ends[2];

	CHECK(socketpair(AF_UNIX, type, 0, ends));
	if (!start("eb-client")) {
		close(ends[1]);
		ready();
		move_pieces(ends[0], send_message, messages, size);
		move_pieces(ends[0], receive_message, replies, reply_size);
		done();
	}
	if (!start("eb-server")) {
		close(ends[0]);
		ready();
		move_pieces(ends[1], receive_message, messages, size);
		move_pieces(ends[1], send_message, replies, reply_size);
		done();
	}
	close(ends[0]);
	close(ends[1]);
	started();
}

/* A bound datagram server; the client connects. */
static void datagram(void)
{
	type = SOCK_DGRAM;
	if (!start("eb-server")) {
		int fd = bound(server_name);

		ready();
		receive_all(fd, messages, size);
		done();
	}
	if (!start("eb-client")) {
		await_role("ready", "eb-server");
		int fd = connected(server_name);

		ready();
		write_all(fd, messages, size);
		done();
	}
	started();
}

/* Neither side connects: sendto with an address, and the answer to the address from recvfrom. */
static void datagram_to(void)
{
	type = SOCK_DGRAM;
	if (!start("eb-server")) {
		int fd = bound(server_name);
		struct sockaddr_un from;
		socklen_t length;
		char bytes[65536];

		ready();
		for (long i = 0; i < messages; i++) {
			length = sizeof(from);
			CHECK(recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &length));
		}
		for (long i = 0; i < replies; i++)
			CHECK(sendto(fd, bytes, reply_size, 0, (struct sockaddr *)&from, length));
		done();
	}
	if (!start("eb-client")) {
		await_role("ready", "eb-server");
		struct sockaddr_un to;
		socklen_t length = fill_address(&to, server_name);
		int fd = bound("client.sock");
		char *bytes = calloc(1, size);

		ready();
		for (long i = 0; i < messages; i++)
			CHECK(sendto(fd, bytes, size, 0, (struct sockaddr *)&to, length));
		receive_all(fd, replies, reply_size);
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = {
		{ "listen", listen_ }, { "abstract", abstract }, { "accept-late", accept_late }, { "forked", forked },
		{ "pair", pair }, { "idle", idle }, { "messages", messages_ }, { "datagram", datagram },
		{ "datagram-to", datagram_to }, { "brief", brief }, { 0 },
	};
	const char *wanted = getenv("SOCKET_TYPE");

	type = wanted && !strcmp(wanted, "dgram") ? SOCK_DGRAM : wanted && !strcmp(wanted, "seqpacket") ? SOCK_SEQPACKET : SOCK_STREAM;
	messages = argc > 2 ? atol(argv[2]) : 7;
	size = argc > 3 ? atol(argv[3]) : 1009;
	replies = argc > 4 ? atol(argv[4]) : 3;
	reply_size = argc > 5 ? atol(argv[5]) : 211;
	return run_workload(argc, argv, workloads);
}
