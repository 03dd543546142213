/* SPDX-License-Identifier: GPL-2.0 */
/* io_uring without a library. The includer defines MUST(condition). */
#ifndef EBTOP_URING_H
#define EBTOP_URING_H

#include <linux/io_uring.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct uring {
	int fd;
	char *sq, *cq;
	struct io_uring_sqe *sqes;
	struct io_uring_params params;
};

struct completion {
	int res;
	unsigned flags;
};

static void *ring_map(struct uring *ring, off_t what)
{
	void *at = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, what);

	MUST(at != MAP_FAILED);
	return at;
}

/* For `entries` requests and twice as many completions, at most 64. */
static void ring_open(struct uring *ring, unsigned entries, unsigned flags)
{
	ring->params = (struct io_uring_params){ .flags = flags };
	ring->fd = syscall(SYS_io_uring_setup, entries, &ring->params);
	MUST(ring->fd >= 0);
	ring->sq = ring_map(ring, IORING_OFF_SQ_RING);
	ring->cq = ring->params.features & IORING_FEAT_SINGLE_MMAP ? ring->sq : ring_map(ring, IORING_OFF_CQ_RING);
	ring->sqes = ring_map(ring, IORING_OFF_SQES);
}

static unsigned *ring_word(char *at, unsigned offset)
{
	return (unsigned *)(at + offset);
}

/* The next request, zeroed but for this; more may be set before ring_enter(). */
static struct io_uring_sqe *ring_request(struct uring *ring, int opcode, int fd, const void *address, unsigned length)
{
	unsigned tail = *ring_word(ring->sq, ring->params.sq_off.tail);
	unsigned at = tail & *ring_word(ring->sq, ring->params.sq_off.ring_mask);
	struct io_uring_sqe *sqe = &ring->sqes[at];

	*sqe = (struct io_uring_sqe){ .opcode = opcode, .fd = fd, .addr = (uintptr_t)address, .len = length };
	ring_word(ring->sq, ring->params.sq_off.array)[at] = at;
	__atomic_store_n(ring_word(ring->sq, ring->params.sq_off.tail), tail + 1, __ATOMIC_SEQ_CST);
	return sqe;
}

/* Submits what is new and waits until `completions` are there. */
static void ring_enter(struct uring *ring, unsigned requests, unsigned completions)
{
	unsigned flags = IORING_ENTER_GETEVENTS | (ring->params.flags & IORING_SETUP_SQPOLL ? IORING_ENTER_SQ_WAKEUP : 0);

	MUST(syscall(SYS_io_uring_enter, ring->fd, requests, completions, flags, NULL, 0) == (long)requests);
}

/* The oldest completion; waits for it. */
static struct completion ring_take(struct uring *ring)
{
	unsigned *head = ring_word(ring->cq, ring->params.cq_off.head), at = *head;
	unsigned mask = *ring_word(ring->cq, ring->params.cq_off.ring_mask);
	struct io_uring_cqe *cqe = (struct io_uring_cqe *)(ring->cq + ring->params.cq_off.cqes) + (at & mask);
	struct completion completion;

	if (at == __atomic_load_n(ring_word(ring->cq, ring->params.cq_off.tail), __ATOMIC_SEQ_CST))
		ring_enter(ring, 0, 1);
	MUST(at != __atomic_load_n(ring_word(ring->cq, ring->params.cq_off.tail), __ATOMIC_SEQ_CST));
	completion = (struct completion){ cqe->res, cqe->flags };
	__atomic_store_n(head, at + 1, __ATOMIC_SEQ_CST);
	return completion;
}

#endif
