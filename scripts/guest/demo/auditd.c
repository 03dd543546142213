// The demo's auditor: reads the stock from shared memory, counts in a System V segment under a System V semaphore
// together with its child, and wakes the child with a signal.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

static volatile sig_atomic_t wakeups;

static void wake(int number)
{
	(void)number;
	wakeups++;
}

static void change(int semaphores, int by)
{
	struct sembuf operation = { .sem_op = by };

	semop(semaphores, &operation, 1);
}

static void count(int semaphores, unsigned long *total, unsigned long by)
{
	change(semaphores, -1);
	*total += by;
	change(semaphores, 1);
}

int main(void)
{
	int memory, semaphores = semget(0x5107, 1, IPC_CREAT | 0666);
	unsigned long *total = shmat(shmget(0x5108, 4096, IPC_CREAT | 0666), NULL, 0);
	unsigned long *stock;
	pid_t child;

	while ((memory = shm_open("/stock", O_RDWR, 0)) < 0)
		usleep(50000);
	stock = mmap(NULL, 4096, PROT_READ, MAP_SHARED, memory, 0);
	semctl(semaphores, 0, SETVAL, 1);
	signal(SIGUSR1, wake);
	child = fork();
	for (;;) {
		if (child == 0) {
			pause();
			count(semaphores, total, wakeups);
		} else {
			usleep(200000);
			count(semaphores, total, *stock);
			kill(child, SIGUSR1);
		}
	}
}
