/* eb-holder files|connections|threads N: holds N of them until stdin ends, in as many processes as the limit of descriptors
 * takes. Each thread makes 100 calls a second. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static void must(int holds, const char *what)
{
	if (!holds) {
		perror(what);
		exit(1);
	}
}

static void hold_files(int count)
{
	char path[] = "/tmp/eb-holder-XXXXXX", name[64];

	must(mkdtemp(path) != NULL, "mkdtemp");
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s/%d", path, i);
		must(open(name, O_CREAT | O_RDWR, 0600) >= 0, "open");
		unlink(name);
	}
	rmdir(path);
}

static void hold_connections(int count)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct linger reset = {1, 0}; /* they leave nothing in TIME-WAIT, which the next measurement would see */
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	must(!bind(listener, (struct sockaddr *)&address, size) && !listen(listener, 1024), "listen");
	getsockname(listener, (struct sockaddr *)&address, &size);
	for (int i = 0; i < count; i++) {
		int client = socket(AF_INET, SOCK_STREAM, 0), server;

		must(!connect(client, (struct sockaddr *)&address, size), "connect");
		server = accept(listener, NULL, NULL);
		must(server >= 0, "accept");
		setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		setsockopt(server, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	}
}

static void *call(void *unused)
{
	for (;;)
		usleep(10000);
	return unused;
}

static void hold(const char *kind, int count)
{
	pthread_t thread;

	if (!strcmp(kind, "files"))
		hold_files(count);
	else if (!strcmp(kind, "connections"))
		hold_connections(count);
	else
		for (int i = 0; i < count; i++)
			must(!pthread_create(&thread, NULL, call, NULL), "pthread_create");
}

int main(int argc, char **argv)
{
	int count = argc == 3 ? atoi(argv[2]) : 0, most, ready[2];
	struct rlimit limit;
	char byte = 0;

	must(count > 0, "usage: eb-holder files|connections|threads N");
	must(!getrlimit(RLIMIT_NOFILE, &limit) && !pipe(ready), "pipe");
	limit.rlim_cur = limit.rlim_max;
	must(!setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
	most = ((limit.rlim_max < 100000 ? (int)limit.rlim_max : 100000) - 64) / 2;
	for (; count > 0; count -= most) {
		pid_t pid = fork();

		must(pid >= 0, "fork");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(0);
			hold(argv[1], count < most ? count : most);
			must(write(ready[1], &byte, 1) == 1, "write");
			for (;;)
				pause();
		}
		must(read(ready[0], &byte, 1) == 1, "read");
	}
	puts("ready");
	fflush(stdout);
	return read(0, &byte, 1) < 0;
}
