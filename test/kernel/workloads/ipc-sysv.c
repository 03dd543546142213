// SPDX-License-Identifier: GPL-2.0
// System V shared memory, semaphores and message queues. Arguments: key (0 is IPC_PRIVATE), operations, bytes. FRESH_IPC=1
// runs it in its own IPC namespace, where the first id is 0.
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

static void operate_once(int id, int number, int by)
{
	struct sembuf operation = { number, by, 0 };

	CHECK(semop(id, &operation, 1));
}

/* Each uses its own semaphore of the set: two posted theirs, the third waits for its own until the end. */
static void sem_each(void)
{
	static const char *const names[] = { "eb-first", "eb-second", "eb-waiter" };
	int id = CHECK(semget(key, 3, IPC_CREAT | 0600));

	note_id(id);
	for (int i = 0; i < 3; i++)
		if (!start(names[i])) {
			ready();
			if (i < 2)
				operate_once(id, i, 1);
			mark("done", role_name);
			if (i == 2)
				operate_once(id, i, -1);
			await("end");
			if (i == 0)
				operate_once(id, 2, 1);
			_exit(0);
		}
	started();
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

/* Everything that starts from here on runs on one processor. */
static void share_processor(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	CHECK(sched_setaffinity(0, sizeof(one), &one));
}

static void await_call(pid_t pid, long nr)
{
	char path[32], text[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	do {
		doze(2000);
		file = fopen(path, "r");
		if (!file || !fgets(text, sizeof(text), file))
			fail(path);
		fclose(file);
	} while (atol(text) != nr);
}

/* The queue is removed after the message was assigned to the receiver, and before the receiver runs again to take it. */
static void msg_removed(void)
{
	struct sched_param lowest = { 0 };
	int id = CHECK(msgget(key, IPC_CREAT | 0600));
	pid_t receiver;

	note_id(id);
	share_processor();
	receiver = start("eb-receiver");
	if (!receiver) {
		CHECK(sched_setscheduler(0, SCHED_IDLE, &lowest));
		ready();
		receive_letters(id);
		done();
	}
	if (!start("eb-sender")) {
		ready();
		await_call(receiver, SYS_msgrcv);
		send_letters(id);
		CHECK(msgctl(id, IPC_RMID, NULL));
		done();
	}
	started();
}

/* Opens and queries the objects, is refused and fails, but uses none. */
static void attempt(int queue, int set, int segment)
{
	struct letter letter = { .type = 1 };
	struct sembuf take = { 0, -1, IPC_NOWAIT };
	struct msqid_ds state;

	CHECK(msgget(key, 0600));
	CHECK(semget(key, 1, 0600));
	CHECK(shmget(key, size, 0600));
	CHECK(msgctl(queue, IPC_STAT, &state));
	CHECK(semctl(set, 0, GETVAL));
	for (long i = 0; i < operations; i++)
		if (msgrcv(queue, &letter, sizeof(letter.text), 7, IPC_NOWAIT) >= 0 || semop(set, &take, 1) == 0)
			fail("what must not succeed");
	CHECK(seteuid(1201));
	if (msgsnd(queue, &letter, 1, IPC_NOWAIT) == 0 || shmat(segment, NULL, 0) != (void *)-1)
		fail("what must not be permitted");
	CHECK(seteuid(0));
}

/* Two use a queue; a third tries and fails, before and after. */
static void attempts(void)
{
	static const char *const names[] = { "eb-attempter", "eb-sender", "eb-receiver" };
	int queue = CHECK(msgget(key, IPC_CREAT | 0600)), set = CHECK(semget(key, 1, IPC_CREAT | 0600));
	int segment = CHECK(shmget(key, size, IPC_CREAT | 0600));

	note_id(queue);
	for (int i = 0; i < 3; i++)
		if (!start(names[i])) {
			ready();
			if (i == 0)
				attempt(queue, set, segment);
			else if (i == 1)
				send_letters(queue);
			else
				receive_letters(queue);
			done();
		}
	started();
	msgctl(queue, IPC_RMID, NULL);
	semctl(set, 0, IPC_RMID);
	shmctl(segment, IPC_RMID, NULL);
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
		{ "shm", shm }, { "sem", sem }, { "msg", msg }, { "sem-thread", sem_thread },
		{ "sem-each", sem_each },
		{ "msg-removed", msg_removed }, { "attempts", attempts }, { 0 },
	};
	if (getenv("FRESH_IPC"))
		CHECK(unshare(CLONE_NEWIPC));
	key = argc > 2 ? strtol(argv[2], NULL, 0) : 0;
	operations = argc > 3 ? atol(argv[3]) : 13;
	size = argc > 4 ? atol(argv[4]) : 4099;
	return run_workload(argc, argv, workloads);
}
