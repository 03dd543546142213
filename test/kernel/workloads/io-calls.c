/* SPDX-License-Identifier: GPL-2.0 */
/* One way to move data, used a prime number of times. Usage: io-calls CASE. Everything happens in one process; its files
 * lie in the working directory. Wrong results end it with the line number as status. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define MUST(condition) do { if (!(condition)) _exit(__LINE__ & 127 ?: 1); } while (0)

static char bytes[1 << 16];

static int made(const char *name, size_t size)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);

	MUST(fd >= 0 && ftruncate(fd, size) == 0);
	return fd;
}

static void read_write(void)
{
	int fd = made("file", 1 << 20);

	for (int i = 0; i < 17; i++)
		MUST(write(fd, bytes, 13) == 13);
	for (int i = 0; i < 23; i++)
		MUST(read(fd, bytes, 29) == 29);
	for (int i = 0; i < 5; i++)
		MUST(syscall(SYS_read, fd, 1L, 7L) < 0); /* EFAULT: no read */
}

static void positioned(void)
{
	int fd = made("file", 1 << 20);

	for (int i = 0; i < 7; i++)
		MUST(pwrite(fd, bytes, 101, i) == 101);
	for (int i = 0; i < 11; i++)
		MUST(pread(fd, bytes, 103, i) == 103);
}

static void vectors(void)
{
	struct iovec two[2] = { { bytes, 3 }, { bytes + 100, 4 } };
	int fd = made("file", 1 << 20);

	for (int i = 0; i < 5; i++)
		MUST(writev(fd, two, 2) == 7);
	for (int i = 0; i < 7; i++)
		MUST(readv(fd, two, 2) == 7);
	for (int i = 0; i < 11; i++)
		MUST(pwritev(fd, two, 2, 0) == 7);
	for (int i = 0; i < 13; i++)
		MUST(preadv(fd, two, 2, 0) == 7);
	for (int i = 0; i < 17; i++)
		MUST(pwritev2(fd, two, 2, 0, 0) == 7);
	for (int i = 0; i < 19; i++)
		MUST(preadv2(fd, two, 2, 0, 0) == 7);
}

static void copies(void)
{
	int from = made("from", 10007), to = made("to", 0);
	loff_t at = 0;

	MUST(copy_file_range(from, &at, to, NULL, 4001, 0) == 4001);
	for (int i = 0; i < 3; i++)
		MUST(sendfile(to, from, NULL, 1009) == 1009);
}

static void pipes(void)
{
	struct iovec one = { bytes, 401 };
	int from = made("from", 10007), to = made("to", 0), a[2], b[2];

	MUST(pipe(a) == 0 && pipe2(b, O_CLOEXEC) == 0);
	MUST(splice(from, NULL, a[1], NULL, 211, 0) == 211);
	MUST(tee(a[0], b[1], 211, 0) == 211);
	MUST(splice(a[0], NULL, to, NULL, 211, 0) == 211);
	MUST(vmsplice(a[1], &one, 1, 0) == 401);
	MUST(read(a[0], bytes, 1000) == 401);
	MUST(read(b[0], bytes, 1000) == 211);
}

static void messages(void)
{
	struct iovec one = { bytes, 31 }, other = { bytes + 1000, 37 };
	struct mmsghdr two[2] = { { .msg_hdr = { .msg_iov = &one, .msg_iovlen = 1 } },
				  { .msg_hdr = { .msg_iov = &other, .msg_iovlen = 1 } } };
	struct msghdr single = { .msg_iov = &one, .msg_iovlen = 1 };
	int pair[2];

	MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
	for (int i = 0; i < 3; i++) {
		MUST(sendmmsg(pair[0], two, 2, 0) == 2);
		MUST(recvmmsg(pair[1], two, 2, 0, NULL) == 2);
	}
	for (int i = 0; i < 5; i++) {
		MUST(sendmsg(pair[0], &single, 0) == 31);
		MUST(recvmsg(pair[1], &single, MSG_PEEK) == 31);
		MUST(recvmsg(pair[1], &single, 0) == 31);
	}
	for (int i = 0; i < 7; i++) {
		MUST(send(pair[0], bytes, 41, 0) == 41);
		MUST(recv(pair[1], bytes, 100, 0) == 41);
	}
}

static void queue(void)
{
	struct mq_attr attributes = { .mq_maxmsg = 3, .mq_msgsize = 64 };
	mqd_t mq = mq_open("/eb-queue", O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);

	MUST(mq != (mqd_t)-1);
	for (int i = 0; i < 5; i++) {
		MUST(mq_send(mq, bytes, 43, 0) == 0);
		MUST(mq_receive(mq, bytes, 64, NULL) == 43);
	}
	MUST(mq_unlink("/eb-queue") == 0);
}

static void event(void)
{
	uint64_t one = 1;
	int fd = eventfd(0, 0), other = eventfd(0, 0);

	for (int i = 0; i < 3; i++)
		MUST(write(fd, &one, 8) == 8 && read(fd, &one, 8) == 8);
	MUST(write(other, &one, 8) == 8);
}

static void kinds(void)
{
	struct iovec one = { bytes, 11 };
	int null = open("/dev/null", O_WRONLY), memory = memfd_create("eb-memory", 0), shm = shm_open("/eb-shm", O_RDWR | O_CREAT, 0600);
	int directory = open(".", O_RDONLY | O_DIRECTORY), fifo, master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	MUST(null >= 0 && memory >= 0 && shm >= 0 && directory >= 0 && master >= 0);
	MUST(mkfifo("fifo", 0600) == 0 && (fifo = open("fifo", O_RDWR)) >= 0);
	MUST(grantpt(master) == 0 && unlockpt(master) == 0 && (slave = open(ptsname(master), O_RDWR | O_NOCTTY)) >= 0);
	MUST(writev(null, &one, 1) == 11 && write(memory, bytes, 13) == 13 && write(shm, bytes, 17) == 17);
	MUST(write(fifo, bytes, 19) == 19 && write(slave, "abc", 3) == 3 && read(master, bytes, 100) == 3);
	shm_unlink("/eb-shm");
}

static void unix_stream(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "\0eb-abstract" };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0), server;

	MUST(bind(listener, (void *)&address, sizeof(sa_family_t) + 12) == 0 && listen(listener, 5) == 0);
	MUST(connect(client, (void *)&address, sizeof(sa_family_t) + 12) == 0);
	MUST((server = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0);
	for (int i = 0; i < 3; i++)
		MUST(write(client, bytes, 59) == 59 && read(server, bytes, 100) == 59);
	/* nothing is transferred over this one */
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	MUST(connect(client, (void *)&address, sizeof(sa_family_t) + 12) == 0 && accept(listener, NULL, NULL) >= 0);
}

static void tcp(void)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET6, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), server;

	MUST(bind(listener, (void *)&address, len) == 0 && listen(listener, 5) == 0);
	MUST(getsockname(listener, (void *)&address, &len) == 0);
	v4.sin_port = address.sin6_port;
	MUST(connect(client, (void *)&v4, sizeof(v4)) == 0 && (server = accept(listener, NULL, NULL)) >= 0);
	for (int i = 0; i < 5; i++)
		MUST(send(client, bytes, 61, 0) == 61 && recv(server, bytes, 61, MSG_WAITALL) == 61);
}

static void names(void) /* inode numbers are reused, but the files are different */
{
	char name[16] = "f-a";

	for (int i = 1; i <= 17; i++) {
		int fd;

		name[2] = 'a' + i;
		MUST((fd = open(name, O_WRONLY | O_CREAT, 0600)) >= 0);
		MUST(write(fd, bytes, i) == i && close(fd) == 0 && unlink(name) == 0);
	}
}

static void deleted(void)
{
	int fd = open("gone", O_RDWR | O_CREAT, 0600);

	MUST(fd >= 0 && unlink("gone") == 0);
	close(open(".", O_RDONLY)); /* "gone" was first seen at its open */
	MUST(write(fd, bytes, 3) == 3);
	fd = open(".", O_TMPFILE | O_RDWR, 0600);
	MUST(fd >= 0 && write(fd, bytes, 5) == 5);
}

static void many(void) /* 300 files, 300 writes of 7 bytes, 300 opens */
{
	char name[16];

	for (int i = 0; i < 300; i++) {
		int fd;

		memcpy(name, "m-000", 6);
		name[2] += i / 100, name[3] += i / 10 % 10, name[4] += i % 10;
		MUST((fd = open(name, O_WRONLY | O_CREAT, 0600)) >= 0);
		MUST(write(fd, bytes, 7) == 7 && close(fd) == 0);
	}
}

static const struct { const char *name; void (*run)(void); } cases[] = {
	{ "read-write", read_write }, { "positioned", positioned }, { "vectors", vectors }, { "copies", copies },
	{ "pipes", pipes }, { "messages", messages }, { "queue", queue }, { "event", event }, { "kinds", kinds },
	{ "unix-stream", unix_stream }, { "tcp", tcp }, { "names", names }, { "deleted", deleted }, { "many", many },
};

int main(int argc, char **argv)
{
	prctl(PR_SET_NAME, "eb-io");
	for (size_t i = 0; argc > 1 && i < sizeof(cases) / sizeof(*cases); i++)
		if (!strcmp(argv[1], cases[i].name)) {
			cases[i].run();
			return 0;
		}
	return 2;
}
