// Does one thing in chunks and prints the nanoseconds of CPU time per thing, a line for each chunk. Usage: probes
// switch|getppid|sleep|direct|fault|dirty|lookup CHUNKS TIMES_PER_CHUNK
#define _GNU_SOURCE
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MUST(condition) do { if (!(condition)) { perror(#condition); exit(1); } } while (0)

enum { PAGE = 4096, PAGES = 512 };

static int there[2], back[2], file, times;
static char *page;

/* Both threads are on one CPU, so each byte is two switches. */
static void *answer(void *unused)
{
	char byte;

	while (read(there[0], &byte, 1) == 1)
		MUST(write(back[1], &byte, 1) == 1);
	return unused;
}

static void switches(void)
{
	char byte = 0;

	for (int i = 0; i < times / 2; i++)
		MUST(write(there[1], &byte, 1) == 1 && read(back[0], &byte, 1) == 1);
}

static void getppids(void)
{
	for (int i = 0; i < times; i++)
		syscall(SYS_getppid);
}

static void sleeps(void)
{
	for (int i = 0; i < times; i++)
		nanosleep(&(struct timespec){.tv_nsec = 1}, NULL);
}

static void direct(void)
{
	for (int i = 0; i < times; i++)
		MUST(pread(file, page, PAGE, (off_t)(i % PAGES) * PAGE) == PAGE);
}

static void faults(void)
{
	volatile char *at = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_SHARED, file, 0);

	MUST(at != MAP_FAILED && madvise((void *)at, PAGES * PAGE, MADV_RANDOM) == 0);
	for (int i = 0; i < times && i < PAGES; i++)
		(void)at[i * PAGE];
	munmap((void *)at, PAGES * PAGE);
	MUST(posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0);
}

static void dirty(void)
{
	for (int i = 0; i < times; i++)
		MUST(pwrite(file, page, PAGE, (off_t)i * PAGE) == PAGE);
	MUST(ftruncate(file, 0) == 0);
}

static void lookups(void)
{
	for (int i = 0; i < times; i++) {
		struct addrinfo *found = NULL;

		MUST(getaddrinfo("127.0.0.1", NULL, NULL, &found) == 0);
		freeaddrinfo(found);
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} things[] = {
	{"switch", switches}, {"getppid", getppids}, {"sleep", sleeps}, {"direct", direct}, {"fault", faults}, {"dirty", dirty},
	{"lookup", lookups},
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void prepare(const char *thing)
{
	char path[] = "/var/tmp/eb-bench-XXXXXX";
	pthread_t thread;

	MUST(pipe(there) == 0 && pipe(back) == 0);
	MUST(pthread_create(&thread, NULL, answer, NULL) == 0);
	page = aligned_alloc(PAGE, PAGE);
	memset(page, 7, PAGE);
	file = mkstemp(path);
	MUST(file >= 0 && unlink(path) == 0);
	for (int i = 0; i < PAGES; i++)
		MUST(write(file, page, PAGE) == PAGE);
	MUST(fsync(file) == 0 && posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0);
	if (!strcmp(thing, "direct"))
		MUST(fcntl(file, F_SETFL, O_DIRECT) == 0);
}

int main(int argc, char **argv)
{
	int chunks;

	MUST(argc == 4);
	prepare(argv[1]);
	chunks = atoi(argv[2]);
	times = atoi(argv[3]);
	for (unsigned i = 0; i < sizeof(things) / sizeof(*things); i++)
		for (int chunk = 0; chunk < chunks && !strcmp(things[i].name, argv[1]); chunk++) {
			double start = now_ns();

			things[i].run();
			printf("%.2f\n", (now_ns() - start) / times);
		}
	fflush(stdout);
	_exit(0);
}
