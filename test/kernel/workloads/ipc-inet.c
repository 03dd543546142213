// SPDX-License-Identifier: GPL-2.0
// TCP and UDP on this machine. Arguments: server's address, messages, bytes, replies, bytes of a reply. SERVER_NETNS and
// CLIENT_NETNS name files (as /run/netns/x) of the network namespaces to work in. TO is the address that the client sends
// to instead of the server's; with NO_FAMILY, without an address family; FROM the address that it is bound to.
#include "role.h"
#include <arpa/inet.h>
#include <netinet/in.h>

static long messages, size, replies, reply_size;
static const char *host;
static int type = SOCK_STREAM;

static void enter(const char *variable)
{
	const char *path = getenv(variable);

	if (path)
		CHECK(setns(CHECK(open(path, O_RDONLY | O_CLOEXEC)), CLONE_NEWNET));
}

static socklen_t fill_address(struct sockaddr_in6 *address, const char *text, int port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)address;

	memset(address, 0, sizeof(*address));
	if (strchr(text, ':')) {
		address->sin6_family = AF_INET6;
		address->sin6_port = htons(port);
		inet_pton(AF_INET6, text, &address->sin6_addr);
		return sizeof(*address);
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons(port);
	inet_pton(AF_INET, text, &v4->sin_addr);
	return sizeof(*v4);
}

/* Bound to any port; the other role gets the port in a file. "dual" is :: that accepts IPv4 too. */
static int bound(const char *at)
{
	struct sockaddr_in6 address;
	const char *text = strcmp(at, "dual") ? at : "::";
	socklen_t length = fill_address(&address, text, 0);
	int fd = CHECK(socket(address.sin6_family, type, 0)), file;
	char port[16];

	CHECK(bind(fd, (struct sockaddr *)&address, length));
	CHECK(getsockname(fd, (struct sockaddr *)&address, &length));
	snprintf(port, sizeof(port), "%d", ntohs(address.sin6_port));
	file = CHECK(open("port", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	CHECK(write(file, port, strlen(port)));
	close(file);
	return fd;
}

static socklen_t server_address(struct sockaddr_in6 *address)
{
	const char *to = getenv("TO");
	char port[16] = "";
	int file = CHECK(open("port", O_RDONLY | O_CLOEXEC));

	CHECK(read(file, port, sizeof(port) - 1));
	close(file);
	return fill_address(address, to ? to : strcmp(host, "dual") ? host : "127.0.0.1", atoi(port));
}

static int connected(void)
{
	struct sockaddr_in6 address;
	socklen_t length = server_address(&address);
	int fd = CHECK(socket(address.sin6_family, type, 0));

	CHECK(connect(fd, (struct sockaddr *)&address, length));
	return fd;
}

static void start_client(void)
{
	if (start("eb-client"))
		return;
	enter("CLIENT_NETNS");
	await_role("ready", "eb-server");
	int fd = connected();

	ready();
	write_all(fd, messages, size);
	if (type == SOCK_STREAM)
		read_all(fd, replies * reply_size);
	for (long i = 0; type == SOCK_DGRAM && i < replies; i++)
		CHECK(read(fd, (char[65536]){ 0 }, 65536));
	done();
}

static void serve(int fd)
{
	read_all(fd, messages * size);
	write_all(fd, replies, reply_size);
}

static void tcp(void)
{
	if (!start("eb-server")) {
		enter("SERVER_NETNS");
		int fd = bound(host);

		CHECK(listen(fd, 5));
		mark("ready", role_name);
		fd = CHECK(accept(fd, NULL, NULL));
		await("go");
		serve(fd);
		done();
	}
	start_client();
	started();
}

/* eb-server accepts, its child eb-worker serves. */
static void forked(void)
{
	if (!start("eb-server")) {
		int fd = bound(host);

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

/* Has eb-server's fds open without using them, under another comm; starts later than the others. */
static void hold(const char *role, const char *comm)
{
	doze(30000); /* start times have a resolution of 10 ms */
	if (!start(role)) {
		prctl(PR_SET_NAME, comm);
		ready();
		done();
	}
}

/* Three younger processes have the connection open too, the youngest under another name. */
static void held(void)
{
	if (!start("eb-server")) {
		int fd = bound(host);

		CHECK(listen(fd, 5));
		mark("ready", role_name);
		int client = CHECK(accept(fd, NULL, NULL));

		hold("eb-older", "eb-server");
		hold("eb-younger", "eb-server");
		hold("eb-other", "eb-other");
		await("go");
		serve(client);
		done();
	}
	start_client();
	started();
}

/* The server is not connected: it answers to the address from recvfrom. */
static void serve_datagrams(int fd)
{
	struct sockaddr_in6 from;
	socklen_t length;
	char bytes[65536];

	for (long i = 0; i < messages; i++) {
		length = sizeof(from);
		CHECK(recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &length));
	}
	for (long i = 0; i < replies; i++)
		CHECK(sendto(fd, bytes, reply_size, 0, (struct sockaddr *)&from, length));
}

static void start_datagram_server(void)
{
	type = SOCK_DGRAM;
	if (start("eb-server"))
		return;
	enter("SERVER_NETNS");
	int fd = bound(host);

	ready();
	serve_datagrams(fd);
	done();
}

static void udp(void)
{
	start_datagram_server();
	start_client();
	started();
}

/* Neither side connects. */
static void udp_to(void)
{
	start_datagram_server();
	if (!start("eb-client")) {
		enter("CLIENT_NETNS");
		await_role("ready", "eb-server");
		struct sockaddr_in6 to, from;
		socklen_t length = server_address(&to);
		int fd = CHECK(socket(to.sin6_family, type, 0));
		char *bytes = calloc(1, 65536);

		if (getenv("FROM"))
			CHECK(bind(fd, (struct sockaddr *)&from, fill_address(&from, getenv("FROM"), 0)));
		if (getenv("NO_FAMILY"))
			to.sin6_family = AF_UNSPEC;
		ready();
		for (long i = 0; i < messages; i++)
			CHECK(sendto(fd, bytes, size, 0, (struct sockaddr *)&to, length));
		for (long i = 0; i < replies; i++)
			CHECK(recv(fd, bytes, 65536, 0));
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = {
		{ "tcp", tcp }, { "tcp-forked", forked }, { "tcp-held", held }, { "udp", udp }, { "udp-to", udp_to }, { 0 },
	};
	host = argc > 2 ? argv[2] : "127.0.0.1";
	messages = argc > 3 ? atol(argv[3]) : 7;
	size = argc > 4 ? atol(argv[4]) : 1009;
	replies = argc > 5 ? atol(argv[5]) : 3;
	reply_size = argc > 6 ? atol(argv[6]) : 211;
	return run_workload(argc, argv, workloads);
}
