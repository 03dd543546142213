/* SPDX-License-Identifier: GPL-2.0 */
/* Native asynchronous I/O by hand. Usage: aio files | direct FILE | ring | crowd. Wrong results end it with the line. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MUST(condition) do { if (!(condition)) _exit(__LINE__ & 127 ?: 1); } while (0)
#define BATCH 16

/* The kernel's layout at the address that is the context's id. */
struct ring {
	unsigned id, nr, head, tail, magic, compat, incompat, header_length;
	struct io_event events[];
};

static aio_context_t context;
static struct iocb requests[BATCH], *pointers[BATCH];
static struct io_event events[BATCH];
static char *bytes;

static void prepare(int i, int opcode, int fd, unsigned long length, long offset)
{
	requests[i] = (struct iocb){
		.aio_lio_opcode = opcode, .aio_fildes = fd, .aio_buf = (uintptr_t)bytes, .aio_nbytes = length, .aio_offset = offset
	};
	pointers[i] = &requests[i];
}

static void submit(int count)
{
	MUST(syscall(SYS_io_submit, context, (long)count, pointers) == count);
}

/* Returns the sum of the results of the oldest `count`. */
static long reap(int nr, int count)
{
	long sum = 0;

	MUST(syscall(nr, context, (long)count, (long)count, events, NULL, NULL) == count);
	for (int i = 0; i < count; i++)
		sum += events[i].res;
	return sum;
}

/* 11 writes of 997 bytes, 7 reads of 1009, one that finds 13 bytes before the end, and one fsync. */
static void files(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600), written = open("written", O_WRONLY | O_CREAT, 0600);
	struct iovec {
		void *at;
		unsigned long length;
	} pieces[2] = { { bytes, 900 }, { bytes, 97 } };

	MUST(fd >= 0 && written >= 0);
	for (int i = 0; i < 11; i++)
		prepare(i, IOCB_CMD_PWRITE, fd, 997, i * 997);
	prepare(10, IOCB_CMD_PWRITEV, fd, 2, 10 * 997);
	requests[10].aio_buf = (uintptr_t)pieces;
	submit(11);
	MUST(reap(SYS_io_getevents, 11) == 11 * 997);
	for (int i = 0; i < 7; i++)
		prepare(i, IOCB_CMD_PREAD, fd, 1009, i * 1009);
	prepare(7, IOCB_CMD_PREAD, fd, 1009, 11 * 997 - 13);
	prepare(8, IOCB_CMD_FSYNC, fd, 0, 0);
	requests[8].aio_buf = 0;
	submit(9);
	MUST(reap(SYS_io_getevents, 4) + reap(SYS_io_pgetevents, 5) == 7 * 1009 + 13);
	prepare(0, IOCB_CMD_PWRITE, written, 53, 0);
	submit(1);
	close(written); /* before it is given back */
	MUST(reap(SYS_io_getevents, 1) == 53);
}

/* Without the page cache, so that the device completes them; a child has the ring mapped too. */
static void direct(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECT), child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	MUST(fd >= 0 && child > 0);
	for (int i = 0; i < 3; i++)
		prepare(i, IOCB_CMD_PREAD, fd, 4096, i * 4096);
	submit(3);
	MUST(reap(SYS_io_getevents, 3) == 3 * 4096);
	MUST(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
}

/* Writes of 7 bytes that are taken from the ring, by no system call. */
static void write_by_ring(int fd, int count)
{
	volatile struct ring *ring = (void *)context;

	MUST(fd >= 0 && ring->magic == 0xa10a10a1);
	for (int i = 0; i < count; i++) {
		prepare(0, IOCB_CMD_PWRITE, fd, 7, i * 7);
		submit(1);
		while (ring->head == ring->tail)
			;
		MUST(ring->events[ring->head].res == 7);
		__atomic_store_n(&ring->head, (ring->head + 1) % ring->nr, __ATOMIC_SEQ_CST);
	}
}

static void ring(void)
{
	write_by_ring(open("file", O_WRONLY | O_CREAT, 0600), 1201);
}

#define CROWD 4003
#define TURNS 41

/* Another user's crowd of contexts, all with a request under way at once, while a process takes 1,271 writes from its
 * ring, 31 each time that they have one. On one CPU, so that in a table with per-CPU lists they fill one list. */
static void crowd(void)
{
	static aio_context_t contexts[CROWD];
	int begin[2], done[2], own = open("file", O_WRONLY | O_CREAT, 0600), fd = open("crowd", O_WRONLY | O_CREAT, 0600);
	cpu_set_t cpus;
	char turn = 0;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	MUST(!sched_setaffinity(0, sizeof(cpus), &cpus));
	MUST(fd >= 0 && !pipe(begin) && !pipe(done));
	pid_t child = fork();
	MUST(child >= 0);
	if (child == 0) {
		MUST(!setgid(65534) && !setuid(65534));
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int i = 0; i < CROWD; i++)
			MUST(syscall(SYS_io_setup, 1, &contexts[i]) == 0);
		prepare(0, IOCB_CMD_PWRITE, fd, 5, 0);
		while (read(begin[0], &turn, 1) == 1 && turn) {
			for (int i = 0; i < CROWD; i++) {
				context = contexts[i];
				submit(1);
			}
			MUST(write(done[1], &turn, 1) == 1);
			for (int i = 0; i < CROWD; i++) {
				context = contexts[i];
				MUST(reap(SYS_io_getevents, 1) == 5);
			}
		}
		_exit(0);
	}
	for (int i = 0; i < TURNS; i++) {
		turn = 1;
		MUST(write(begin[1], &turn, 1) == 1 && read(done[0], &turn, 1) == 1);
		write_by_ring(own, 31);
	}
	turn = 0;
	MUST(write(begin[1], &turn, 1) == 1 && waitpid(child, NULL, 0) == child);
}

int main(int argc, char **argv)
{
	prctl(PR_SET_NAME, "eb-aio");
	bytes = aligned_alloc(4096, 4096);
	MUST(bytes && argc > 1 && syscall(SYS_io_setup, BATCH, &context) == 0);
	if (!strcmp(argv[1], "files"))
		files();
	else if (!strcmp(argv[1], "direct"))
		direct(argv[2]);
	else if (!strcmp(argv[1], "ring"))
		ring();
	else
		crowd();
	return 0;
}
