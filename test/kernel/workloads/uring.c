/* SPDX-License-Identifier: GPL-2.0 */
/* io_uring: 7 writes of 101 bytes, 5 reads of 97 bytes, an openat, one at a time. Usage: uring [poll] */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#define MUST(condition) do { if (!(condition)) _exit(__LINE__ & 127 ?: 1); } while (0)
#include "uring.h"

static char bytes[256];
static struct uring ring;

static int request(uint8_t opcode, int fd, const void *address, unsigned length, unsigned flags)
{
	ring_request(&ring, opcode, fd, address, length)->open_flags = flags;
	ring_enter(&ring, 1, 1);
	return ring_take(&ring).res;
}

int main(int argc, char **argv)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	prctl(PR_SET_NAME, "eb-uring");
	MUST(fd >= 0);
	ring_open(&ring, 8, argc > 1 && !strcmp(argv[1], "poll") ? IORING_SETUP_SQPOLL : 0);
	for (int i = 0; i < 7; i++)
		MUST(request(IORING_OP_WRITE, fd, bytes, 101, 0) == 101);
	for (int i = 0; i < 5; i++)
		MUST(request(IORING_OP_READ, fd, bytes, 97, 0) == 97);
	MUST(request(IORING_OP_OPENAT, AT_FDCWD, "opened", 0600, O_WRONLY | O_CREAT) >= 0);
	return 0;
}
