// SPDX-License-Identifier: GPL-2.0
// POSIX shared memory, semaphores, message queues; memfd and shared anonymous memory. Arguments: name without the
// slash, operations, bytes.
#include "role.h"
#include <mqueue.h>
#include <semaphore.h>

static char name[64];
static long operations, size;

static char *map(int fd)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		fail("mmap");
	return at;
}

static void finish(void (*unlink_it)(void))
{
	mark("started", "");
	while (wait(NULL) > 0)
		;
	unlink_it();
}

static void unlink_shm(void)
{
	shm_unlink(name);
}

static int open_shm(void)
{
	int fd = CHECK(shm_open(name, O_CREAT | O_RDWR, 0600));

	CHECK(ftruncate(fd, size));
	return fd;
}

/* Both map it; the second closes its fd, as most programs do. */
static void shm(void)
{
	if (!start("eb-first")) {
		int fd = open_shm();
		char *at = map(fd);

		ready();
		at[0] = 1;
		done();
	}
	if (!start("eb-second")) {
		int fd = open_shm();
		char *at = map(fd);

		close(fd);
		ready();
		at[1] = 1;
		done();
	}
	finish(unlink_shm);
}

static void unlink_sem(void)
{
	sem_unlink(name);
}

/* eb-taker has to wait for each post. */
static void sem(void)
{
	if (!start("eb-poster")) {
		sem_t *semaphore = sem_open(name, O_CREAT, 0600, 0);

		ready();
		for (long i = 0; i < operations; i++) {
			doze(2000);
			sem_post(semaphore);
		}
		done();
	}
	if (!start("eb-taker")) {
		sem_t *semaphore = sem_open(name, O_CREAT, 0600, 0);

		ready();
		for (long i = 0; i < operations; i++)
			CHECK(sem_wait(semaphore));
		done();
	}
	finish(unlink_sem);
}

static void unlink_mq(void)
{
	mq_unlink(name);
}

static void mq(void)
{
	struct mq_attr limits = { .mq_maxmsg = 5, .mq_msgsize = size };

	if (!start("eb-sender")) {
		mqd_t queue = CHECK(mq_open(name, O_CREAT | O_WRONLY, 0600, &limits));
		char *bytes = calloc(1, size);

		ready();
		for (long i = 0; i < operations; i++)
			CHECK(mq_send(queue, bytes, size, 0));
		done();
	}
	if (!start("eb-receiver")) {
		mqd_t queue = CHECK(mq_open(name, O_CREAT | O_RDONLY, 0600, &limits));
		char *bytes = calloc(1, size);

		ready();
		for (long i = 0; i < operations; i++)
			CHECK(mq_receive(queue, bytes, size, NULL));
		done();
	}
	finish(unlink_mq);
}

/* A memfd that both inherit. */
static void memfd(void)
{
	int fd = CHECK(memfd_create(name + 1, 0));

	CHECK(ftruncate(fd, size));
	for (int i = 0; i < 2; i++)
		if (!start(i ? "eb-second" : "eb-first")) {
			map(fd)[i] = 1;
			ready();
			CHECK(pwrite(fd, "x", 1, i));
			done();
		}
	close(fd);
	started();
}

/* MAP_SHARED | MAP_ANONYMOUS from before the fork. */
static void anonymous(void)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 2; i++)
		if (!start(i ? "eb-second" : "eb-first")) {
			ready();
			at[i] = 1;
			done();
		}
	munmap(at, size);
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = {
		{ "shm", shm }, { "sem", sem }, { "mq", mq }, { "memfd", memfd }, { "anonymous", anonymous }, { 0 },
	};
	snprintf(name, sizeof(name), "/%s", argc > 2 ? argv[2] : "eb-posix");
	operations = argc > 3 ? atol(argv[3]) : 13;
	size = argc > 4 ? atol(argv[4]) : 4099;
	return run_workload(argc, argv, workloads);
}
