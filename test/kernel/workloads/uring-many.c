// SPDX-License-Identifier: GPL-2.0
// Multishot io_uring requests, and zero-copy sends. One role; all counts are prime numbers. Usage: uring-many CASE, or
// uring-many can read|bundle: status 0 if this kernel has it.
#include "role.h"
#include <netinet/in.h>
#include <sys/un.h>

#define MUST(condition) do { if (!(condition)) fail(#condition); } while (0)
#include "uring.h"

#define OP_READ_MULTISHOT 49
#define RECVSEND_BUNDLE 16
#define FEAT_RECVSEND_BUNDLE (1 << 14)
#define GROUP 7
#define BUFFERS 3
#define BUFFER 256

static struct uring ring;
static char pool[BUFFERS * BUFFER], bytes[4096];

static void give_buffers(unsigned size)
{
	ring_request(&ring, IORING_OP_PROVIDE_BUFFERS, BUFFERS, pool, size)->buf_group = GROUP;
	ring_enter(&ring, 1, 1);
	MUST(ring_take(&ring).res >= 0);
}

/* `flags` are those of the operation. All have the same user data: 0. */
static void arm(int opcode, int fd, const void *address, unsigned flags)
{
	struct io_uring_sqe *sqe = ring_request(&ring, opcode, fd, address, 0);

	sqe->ioprio = flags;
	sqe->flags = IOSQE_BUFFER_SELECT;
	sqe->buf_group = GROUP;
	ring_enter(&ring, 1, 0);
}

/* The next result of the armed request. When its buffers are used up it ends, and finds data when it is armed again. */
static int take(int opcode, int fd, const void *address, unsigned flags)
{
	int result = ring_take(&ring).res;

	if (result != -ENOBUFS)
		return result;
	give_buffers(BUFFER);
	arm(opcode, fd, address, flags);
	return ring_take(&ring).res;
}

static void many_receives(void)
{
	int ends[2];

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends));
	arm(IORING_OP_RECV, ends[0], NULL, IORING_RECV_MULTISHOT);
	ready();
	for (int i = 0; i < 11; i++) {
		write_all(ends[1], 1, 101);
		MUST(take(IORING_OP_RECV, ends[0], NULL, IORING_RECV_MULTISHOT) == 101);
	}
}

/* Each message comes behind a header with the sender's address; the last one is empty and ends the request. */
static void many_messages(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct msghdr message = { .msg_namelen = sizeof(address), .msg_controllen = 24 };
	int header = 16 + message.msg_namelen + message.msg_controllen;
	int to = CHECK(socket(AF_INET, SOCK_DGRAM, 0)), from = CHECK(socket(AF_INET, SOCK_DGRAM, 0));
	socklen_t length = sizeof(address);

	CHECK(bind(to, (struct sockaddr *)&address, length));
	CHECK(getsockname(to, (struct sockaddr *)&address, &length));
	CHECK(connect(from, (struct sockaddr *)&address, length));
	arm(IORING_OP_RECVMSG, to, &message, IORING_RECV_MULTISHOT);
	ready();
	for (int i = 0; i < 7; i++) {
		write_all(from, 1, 103);
		MUST(take(IORING_OP_RECVMSG, to, &message, IORING_RECV_MULTISHOT) == header + 103);
	}
	CHECK(send(from, bytes, 0, 0));
	MUST(take(IORING_OP_RECVMSG, to, &message, IORING_RECV_MULTISHOT) == header);
}

static void many_reads(void)
{
	int ends[2];

	CHECK(pipe(ends));
	arm(OP_READ_MULTISHOT, ends[0], NULL, 0);
	ready();
	for (int i = 0; i < 5; i++) {
		write_all(ends[1], 1, 89);
		MUST(take(OP_READ_MULTISHOT, ends[0], NULL, 0) == 89);
	}
}

/* Three buffers are three packets; that no more are left ends it. */
static void many_sends(void)
{
	int ends[2];

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends));
	give_buffers(41);
	ready();
	arm(IORING_OP_SEND, ends[1], NULL, RECVSEND_BUNDLE);
	for (int i = 0; i < BUFFERS; i++)
		MUST(ring_take(&ring).res == 41 && read(ends[0], bytes, sizeof(bytes)) == 41);
}

static void many_accepts(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "many.sock" };
	int fd = CHECK(socket(AF_UNIX, SOCK_STREAM, 0));

	CHECK(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	CHECK(listen(fd, 5));
	ring_request(&ring, IORING_OP_ACCEPT, fd, NULL, 0)->ioprio = IORING_ACCEPT_MULTISHOT;
	ring_enter(&ring, 1, 0);
	ready();
	for (int i = 0; i < 3; i++) {
		int client = CHECK(socket(AF_UNIX, SOCK_STREAM, 0));

		CHECK(connect(client, (struct sockaddr *)&address, sizeof(address)));
		CHECK(ring_take(&ring).res);
	}
}

/* Two sockets, one user data. */
static void shared(void)
{
	int first[2], second[2];

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, first));
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, second));
	arm(IORING_OP_RECV, first[0], NULL, IORING_RECV_MULTISHOT);
	arm(IORING_OP_RECV, second[0], NULL, IORING_RECV_MULTISHOT);
	ready();
	write_all(first[1], 1, 31);
	MUST(ring_take(&ring).res == 31);
	write_all(second[1], 1, 37);
	MUST(ring_take(&ring).res == 37);
}

/* A socket pair of TCP, connected. */
static void tcp_pair(int *ends)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = CHECK(socket(AF_INET, SOCK_STREAM, 0));
	socklen_t length = sizeof(address);

	CHECK(bind(fd, (struct sockaddr *)&address, length));
	CHECK(listen(fd, 1));
	CHECK(getsockname(fd, (struct sockaddr *)&address, &length));
	ends[1] = CHECK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK(connect(ends[1], (struct sockaddr *)&address, length));
	ends[0] = CHECK(accept(fd, NULL, NULL));
}

/* Each send completes twice: once with its result, once when the bytes may be changed again. */
static void zero_copy(void)
{
	int ends[2];

	tcp_pair(ends);
	ready();
	for (int i = 0; i < 13; i++) {
		ring_request(&ring, IORING_OP_SEND_ZC, ends[1], bytes, 1009);
		ring_enter(&ring, 1, 1);
		for (struct completion sent = ring_take(&ring); sent.flags & IORING_CQE_F_MORE; sent = ring_take(&ring))
			MUST(sent.res == 1009);
	}
	read_all(ends[0], 13 * 1009);
}

/* Room for four completions; none is taken until seven are due. Such a file is written at once, without a worker. */
static void full(void)
{
	struct uring small;
	int fd = CHECK(open("/dev/null", O_WRONLY));

	ring_open(&small, 2, 0);
	ready();
	for (int i = 0; i < 7; i++) {
		ring_request(&small, IORING_OP_WRITE, fd, bytes, 107);
		ring_enter(&small, 1, 0);
	}
	for (int i = 0; i < 7; i++)
		MUST(ring_take(&small).res == 107);
}

static const struct workload workloads[] = {
	{ "receives", many_receives }, { "messages", many_messages }, { "reads", many_reads },
	{ "sends", many_sends },       { "accepts", many_accepts },   { "shared", shared },
	{ "zero-copy", zero_copy },    { "full", full },	      {},
};

static int can(const char *what)
{
	static unsigned char room[sizeof(struct io_uring_probe) + 64 * sizeof(struct io_uring_probe_op)];
	struct io_uring_probe *probe = (struct io_uring_probe *)room;

	if (!strcmp(what, "bundle"))
		return ring.params.features & FEAT_RECVSEND_BUNDLE ? 0 : 1;
	CHECK(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PROBE, probe, 64));
	return probe->last_op >= OP_READ_MULTISHOT ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc > 2) {
		ring_open(&ring, 8, 0);
		return can(argv[2]);
	}
	if (!start("eb-uring")) {
		ring_open(&ring, 8, 0);
		if (strcmp(argv[1], "sends"))
			give_buffers(BUFFER);
		for (const struct workload *each = workloads; each->name; each++)
			if (!strcmp(each->name, argv[1]))
				each->run();
		done();
	}
	started();
	return 0;
}
