// Does one thing in chunks and prints the nanoseconds of CPU time per thing, a line for each chunk. Usage: probes
// THING CHUNKS TIMES_PER_CHUNK, where THING is one of `things`
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MUST(condition) do { if (!(condition)) { perror(#condition); exit(1); } } while (0)

enum { PAGE = 4096, PAGES = 512 };

static int there[2], back[2], file, times;
static char *page;
static int pair[2], semaphore, memory, uts, unbound, ring_fd;
static aio_context_t context;
static struct io_uring_params ring_at;
static char *ring;
static struct io_uring_sqe *requests;

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

static void signals(void)
{
	for (int i = 0; i < times; i++)
		kill(getpid(), SIGURG); /* ignored */
}

static void renames(void)
{
	for (int i = 0; i < times; i++)
		prctl(PR_SET_NAME, "eb-probes");
}

static void datagrams(void)
{
	char byte = 0;

	for (int i = 0; i < times; i++)
		MUST(send(pair[0], &byte, 1, 0) == 1 && recv(pair[1], &byte, 1, 0) == 1);
}

static void passes(void)
{
	char byte = 0, control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *passed = CMSG_FIRSTHDR(&message);

	for (int i = 0; i < times; i++) {
		*passed = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
		memcpy(CMSG_DATA(passed), &file, sizeof(int));
		message.msg_controllen = sizeof(control);
		MUST(sendmsg(pair[0], &message, 0) == 1 && recvmsg(pair[1], &message, 0) == 1);
		close(*(int *)CMSG_DATA(passed));
	}
}

static void semaphores(void)
{
	for (int i = 0; i < times; i++)
		MUST(semop(semaphore, &(struct sembuf){0, i % 2 ? -1 : 1, 0}, 1) == 0);
}

static void mappings(void)
{
	for (int i = 0; i < times; i++)
		munmap(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, memory, 0), PAGE);
}

static void namespaces(void)
{
	for (int i = 0; i < times; i++)
		MUST(setns(uts, CLONE_NEWUTS) == 0);
}

static void connections(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int server = socket(AF_INET, SOCK_STREAM, 0);

	MUST(bind(server, (struct sockaddr *)&address, size) == 0 && listen(server, 8) == 0);
	MUST(getsockname(server, (struct sockaddr *)&address, &size) == 0);
	for (int i = 0; i < times; i++) {
		int client = socket(AF_INET, SOCK_STREAM, 0);

		MUST(connect(client, (struct sockaddr *)&address, size) == 0);
		close(accept(server, NULL, NULL));
		close(client);
	}
	close(server);
}

static void asynchronous(void)
{
	for (int i = 0; i < times; i++) {
		struct iocb request = {.aio_fildes = file, .aio_lio_opcode = IOCB_CMD_PREAD, .aio_buf = (__u64)page, .aio_nbytes = 1};
		struct iocb *requests[] = {&request};
		struct io_event event;

		MUST(syscall(SYS_io_submit, context, 1, requests) == 1);
		MUST(syscall(SYS_io_getevents, context, 1, 1, &event, NULL) == 1);
	}
}

/* The kernel has put the completion into the ring when the call returns. */
static void ring_reads(void)
{
	unsigned *tail = (unsigned *)(ring + ring_at.sq_off.tail), *mask = (unsigned *)(ring + ring_at.sq_off.ring_mask);
	unsigned *head = (unsigned *)(ring + ring_at.cq_off.head), *slots = (unsigned *)(ring + ring_at.sq_off.array);

	for (int i = 0; i < times; i++) {
		unsigned at = *tail & *mask;

		requests[at] = (struct io_uring_sqe){.opcode = IORING_OP_READ, .fd = file, .addr = (__u64)page, .len = 1};
		slots[at] = at;
		__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
		MUST(syscall(SYS_io_uring_enter, ring_fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1);
		__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	}
}

static void failed_connects(void)
{
	struct sockaddr_un address = {AF_UNIX, "/nonexistent/eb-socket"};

	for (int i = 0; i < times; i++)
		connect(unbound, (struct sockaddr *)&address, sizeof(address));
}

static void binds(void)
{
	for (int i = 0; i < times; i++) {
		int bound = socket(AF_UNIX, SOCK_DGRAM, 0);
		sa_family_t family = AF_UNIX;

		MUST(bind(bound, (struct sockaddr *)&family, sizeof(family)) == 0);
		close(bound);
	}
}

static void failed_mounts(void)
{
	for (int i = 0; i < times; i++)
		mount("none", "/nonexistent/eb-mount", "tmpfs", 0, NULL);
}

static void failed_traces(void)
{
	for (int i = 0; i < times; i++)
		ptrace(PTRACE_ATTACH, getpid(), 0, 0);
}

static void failed_programs(void)
{
	char nothing[128] = {0};

	for (int i = 0; i < times; i++)
		syscall(SYS_bpf, 5 /* BPF_PROG_LOAD */, nothing, sizeof(nothing));
}

static void users(void)
{
	for (int i = 0; i < times; i++)
		MUST(syscall(SYS_setuid, geteuid()) == 0);
}

static void misses(void)
{
	static int count;
	char path[64];

	for (int i = 0; i < times; i++) {
		snprintf(path, sizeof(path), "/var/tmp/eb-missing-%d-%d", getpid(), count++);
		access(path, F_OK);
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} things[] = {
	{"switch", switches}, {"getppid", getppids}, {"sleep", sleeps}, {"direct", direct}, {"fault", faults}, {"dirty", dirty},
	{"lookup", lookups}, {"signal", signals}, {"rename", renames}, {"datagram", datagrams}, {"pass", passes},
	{"semaphore", semaphores}, {"mapping", mappings}, {"namespace", namespaces}, {"connection", connections},
	{"aio", asynchronous}, {"uring", ring_reads}, {"failed-connect", failed_connects}, {"bind", binds},
	{"failed-mount", failed_mounts}, {"failed-ptrace", failed_traces}, {"failed-bpf", failed_programs}, {"setuid", users},
	{"miss", misses},
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
	MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
	MUST((memory = memfd_create("eb-memory", 0)) >= 0 && ftruncate(memory, PAGE) == 0);
	MUST((uts = open("/proc/self/ns/uts", O_RDONLY)) >= 0 && (unbound = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0);
	if (!strcmp(thing, "semaphore"))
		MUST((semaphore = semget(IPC_PRIVATE, 1, 0600)) >= 0);
	if (!strcmp(thing, "aio"))
		MUST(syscall(SYS_io_setup, 1, &context) == 0);
	if (!strcmp(thing, "uring")) {
		MUST((ring_fd = syscall(SYS_io_uring_setup, 8, &ring_at)) >= 0);
		ring = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, IORING_OFF_SQ_RING);
		requests = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, IORING_OFF_SQES);
		MUST(ring != MAP_FAILED && requests != MAP_FAILED);
	}
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
	if (!strcmp(argv[1], "semaphore"))
		semctl(semaphore, 0, IPC_RMID);
	fflush(stdout);
	_exit(0);
}
