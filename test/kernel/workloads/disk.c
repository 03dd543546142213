/* SPDX-License-Identifier: GPL-2.0 */
/* Requests to a block device. Usage: disk DEVICE direct WRITES READS DISCARDS FLUSHES: each separately, without the page
 * cache; disk DEVICE together WRITES: all at once; disk DEVICE ahead PAGES: reads that outlive the process; disk DEVICE
 * mapped PAGES: by page faults, at random, mapped-all PAGES: in sequence; disk DEVICE failing WRITES: all fail, and the status
 * is errno. Wrong results end it with the line. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MUST(condition) do { if (!(condition)) _exit(__LINE__ & 127 ?: 1); } while (0)

enum { WRITE_BYTES = 12288, READ_BYTES = 8192, DISCARD_BYTES = 16384, STEP = 65536, BATCH = 32 };

static char *bytes;

static void direct(int fd, char **counts)
{
	for (int i = 0; i < atoi(counts[0]); i++)
		MUST(pwrite(fd, bytes, WRITE_BYTES, i * STEP) == WRITE_BYTES);
	for (int i = 0; i < atoi(counts[1]); i++)
		MUST(pread(fd, bytes, READ_BYTES, i * STEP) == READ_BYTES);
	for (int i = 0; i < atoi(counts[2]); i++)
		MUST(ioctl(fd, BLKDISCARD, ((uint64_t[]){ i * STEP, DISCARD_BYTES })) == 0);
	for (int i = 0; i < atoi(counts[3]); i++)
		MUST(fdatasync(fd) == 0);
}

static void failing(int fd, int count)
{
	for (int i = 0; i < count; i++)
		MUST(pwrite(fd, bytes, WRITE_BYTES, i * STEP) < 0);
	_exit(errno);
}

/* Made one after the other before the first is issued: one io_submit holds them back (the plug). */
static void together(int fd, int count)
{
	struct iocb requests[BATCH] = {}, *pointers[BATCH];
	struct io_event events[BATCH];
	aio_context_t context = 0;

	MUST(count <= BATCH && syscall(SYS_io_setup, BATCH, &context) == 0);
	for (int i = 0; i < count; i++) {
		requests[i] = (struct iocb){
			.aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = fd, .aio_buf = (uintptr_t)bytes,
			.aio_nbytes = WRITE_BYTES, .aio_offset = i * STEP
		};
		pointers[i] = &requests[i];
	}
	MUST(syscall(SYS_io_submit, context, (long)count, pointers) == count);
	MUST(syscall(SYS_io_getevents, context, (long)count, (long)count, events, NULL) == count);
	for (int i = 0; i < count; i++)
		MUST(events[i].res == WRITE_BYTES);
}

/* Reads one byte of each `step`-th page by page faults, with the descriptor closed. */
static void mapped(int fd, int pages, int step, int advice)
{
	size_t size = (size_t)pages * step * 4096;
	volatile char *at = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	MUST(at != MAP_FAILED && madvise((void *)at, size, advice) == 0);
	MUST(fsync(fd) == 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	close(fd);
	for (int i = 0; i < pages; i++)
		(void)at[(size_t)i * step * 4096];
}

int main(int argc, char **argv)
{
	MUST(argc > 3);
	prctl(PR_SET_NAME, "eb-disk");
	int is_ahead = !strcmp(argv[2], "ahead");
	int fd = open(argv[1], O_RDWR | (is_ahead || strstr(argv[2], "mapped") ? 0 : O_DIRECT));

	bytes = aligned_alloc(4096, WRITE_BYTES);
	MUST(fd >= 0 && bytes);
	memset(bytes, 7, WRITE_BYTES);
	if (is_ahead)
		MUST(posix_fadvise(fd, 0, atoi(argv[3]) * 4096, POSIX_FADV_WILLNEED) == 0);
	else if (!strcmp(argv[2], "mapped"))
		mapped(fd, atoi(argv[3]), 16, MADV_RANDOM);
	else if (!strcmp(argv[2], "mapped-all"))
		mapped(fd, atoi(argv[3]), 1, MADV_SEQUENTIAL);
	else if (!strcmp(argv[2], "failing"))
		failing(fd, atoi(argv[3]));
	else if (!strcmp(argv[2], "together"))
		together(fd, atoi(argv[3]));
	else
		direct(fd, argv + 3);
	_exit(0);
}
