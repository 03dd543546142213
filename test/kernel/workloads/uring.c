/* SPDX-License-Identifier: GPL-2.0 */
/* io_uring by hand: 7 writes of 101 bytes, 5 reads of 97 bytes, an openat, one at a time. Usage: uring [poll] */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MUST(condition) do { if (!(condition)) _exit(__LINE__ & 127 ?: 1); } while (0)

static char bytes[256], *sq, *cq;
static struct io_uring_sqe *sqes;
static struct io_uring_params params;
static int ring;

static unsigned *word(char *at, unsigned offset)
{
	return (unsigned *)(at + offset);
}

static int request(uint8_t opcode, int fd, const void *address, unsigned length, unsigned flags)
{
	unsigned tail = *word(sq, params.sq_off.tail), mask = *word(sq, params.sq_off.ring_mask), head;
	struct io_uring_sqe *sqe = &sqes[tail & mask];

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = opcode;
	sqe->fd = fd;
	sqe->addr = (uintptr_t)address;
	sqe->len = length;
	sqe->open_flags = flags;
	word(sq, params.sq_off.array)[tail & mask] = tail & mask;
	__atomic_store_n(word(sq, params.sq_off.tail), tail + 1, __ATOMIC_SEQ_CST);
	MUST(syscall(SYS_io_uring_enter, ring, 1, 1,
		     IORING_ENTER_GETEVENTS | (params.flags & IORING_SETUP_SQPOLL ? IORING_ENTER_SQ_WAKEUP : 0), NULL, 0) == 1);
	head = *word(cq, params.cq_off.head);
	MUST(head != __atomic_load_n(word(cq, params.cq_off.tail), __ATOMIC_SEQ_CST));
	__atomic_store_n(word(cq, params.cq_off.head), head + 1, __ATOMIC_SEQ_CST);
	return ((struct io_uring_cqe *)(cq + params.cq_off.cqes))[head & *word(cq, params.cq_off.ring_mask)].res;
}

int main(int argc, char **argv)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	prctl(PR_SET_NAME, "eb-uring");
	if (argc > 1 && !strcmp(argv[1], "poll"))
		params.flags = IORING_SETUP_SQPOLL;
	ring = syscall(SYS_io_uring_setup, 8, &params);
	MUST(fd >= 0 && ring >= 0);
	sq = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	cq = params.features & IORING_FEAT_SINGLE_MMAP
		     ? sq
		     : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	sqes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	MUST(sq != MAP_FAILED && cq != MAP_FAILED && sqes != MAP_FAILED);
	for (int i = 0; i < 7; i++)
		MUST(request(IORING_OP_WRITE, fd, bytes, 101, 0) == 101);
	for (int i = 0; i < 5; i++)
		MUST(request(IORING_OP_READ, fd, bytes, 97, 0) == 97);
	MUST(request(IORING_OP_OPENAT, AT_FDCWD, "opened", 0600, O_WRONLY | O_CREAT) >= 0);
	return 0;
}
