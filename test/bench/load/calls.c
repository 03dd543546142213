// Calls getppid() or a 1-byte read() in chunks and prints the nanoseconds per call of each chunk, a line each:
// processor time, so that being put aside for other work does not count.
// Usage: calls getppid|read CHUNKS CALLS_PER_CHUNK
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int scratch_file(size_t bytes)
{
	char path[] = "/tmp/eb-bench-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) || ftruncate(fd, bytes)) {
		perror(path);
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	int is_read = argc > 1 && !strcmp(argv[1], "read");
	int chunks = argc > 2 ? atoi(argv[2]) : 20;
	int calls = argc > 3 ? atoi(argv[3]) : 100000;
	int fd = scratch_file(calls);
	char byte;

	for (int chunk = 0; chunk < chunks; chunk++) {
		double start;

		lseek(fd, 0, SEEK_SET);
		start = now_ns();
		if (is_read)
			for (int i = 0; i < calls; i++) {
				if (read(fd, &byte, 1) != 1)
					return 1;
			}
		else
			for (int i = 0; i < calls; i++)
				syscall(SYS_getppid);
		printf("%.2f\n", (now_ns() - start) / calls);
	}
	return 0;
}
