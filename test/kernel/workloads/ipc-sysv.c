// SPDX-License-Identifier: GPL-2.0
// System V shared memory, semaphores and message queues. Arguments: key (0 is IPC_PRIVATE), operations, bytes.
// FRESH_IPC=1 runs it in an IPC namespace of its own, where the first id is 0.
#include "role.h"
#include <pthread.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

static key_t key;
static long operations, size;

struct letter {
	long type;
	char text[8192];
};

static void note_id(int id)
{
	char name[32];

	snprintf(name, sizeof(name), "%d", id);
	mark("id", name);
}

static void attach(int id)
{
	char *at = shmat(id, NULL, 0);

	if (at == (char *)-1)
		fail("shmat");
	at[getpid() % 4096]++;
}

static void shm(void)
{
	int id = CHECK(shmget(key, size, IPC_CREAT | 0600));

	note_id(id);
	for (int i = 0; i < 2; i++)
		if (!start(i ? "eb-second" : "eb-first")) {
			attach(id);
			ready();
			attach(id);
			done();
		}
	mark("started", "");
	while (wait(NULL) > 0)
		;
	shmctl(id, IPC_RMID, NULL);
}

/* One posts, the other takes; each `operations` times. */
static void operate(int id, int by)
{
	struct sembuf operation = { 0, by, 0 };

	for (long i = 0; i < operations; i++)
		CHECK(semop(id, &operation, 1));
}

static void sem(void)
{
	int id = CHECK(semget(key, 3, IPC_CREAT | 0600));

	note_id(id);
	for (int i = 0; i < 2; i++)
		if (!start(i ? "eb-taker" : "eb-poster")) {
			ready();
			operate(id, i ? -1 : 1);
			done();
		}
	mark("started", "");
	while (wait(NULL) > 0)
		;
	semctl(id, 0, IPC_RMID);
}

static void send_letters(int id)
{
	struct letter letter = { .type = 1 };

	for (long i = 0; i < operations; i++)
		CHECK(msgsnd(id, &letter, size, 0));
}

static void receive_letters(int id)
{
	struct letter letter;

	for (long i = 0; i < operations; i++)
		CHECK(msgrcv(id, &letter, sizeof(letter.text), 0, 0));
}

static void msg(void)
{
	int id = CHECK(msgget(key, IPC_CREAT | 0600));
	struct msqid_ds queue;

	note_id(id);
	CHECK(msgctl(id, IPC_STAT, &queue));
	queue.msg_perm.uid = 1201;
	queue.msg_perm.gid = 1301;
	CHECK(msgctl(id, IPC_SET, &queue));
	for (int i = 0; i < 2; i++)
		if (!start(i ? "eb-receiver" : "eb-sender")) {
			ready();
			if (i)
				receive_letters(id);
			else
				send_letters(id);
			done();
		}
	mark("started", "");
	while (wait(NULL) > 0)
		;
	msgctl(id, IPC_RMID, NULL);
}

static void *get_sem(void *id)
{
	*(int *)id = CHECK(semget(key, 1, IPC_CREAT | 0600));
	return NULL;
}

/* semget runs in one thread, semop in another. */
static void sem_thread(void)
{
	for (int i = 0; i < 2; i++)
		if (!start(i ? "eb-taker" : "eb-poster")) {
			pthread_t thread;
			int id;

			if (i)
				await_role("ready", "eb-poster");
			if (pthread_create(&thread, NULL, get_sem, &id) || pthread_join(thread, NULL))
				fail("pthread");
			note_id(id);
			ready();
			operate(id, i ? -1 : 1);
			mark("done", role_name);
			await("end");
			if (i)
				semctl(id, 0, IPC_RMID);
			_exit(0);
		}
	started();
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = {
		{ "shm", shm }, { "sem", sem }, { "msg", msg }, { "sem-thread", sem_thread }, { 0 },
	};
	if (getenv("FRESH_IPC"))
		CHECK(unshare(CLONE_NEWIPC));
	key = argc > 2 ? strtol(argv[2], NULL, 0) : 0;
	operations = argc > 3 ? atol(argv[3]) : 13;
	size = argc > 4 ? atol(argv[4]) : 4099;
	return run_workload(argc, argv, workloads);
}
