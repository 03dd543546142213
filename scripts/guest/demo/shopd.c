// The demo's web shop: a TCP server on 127.0.0.1:8080 that forks a child per connection. Each child answers requests
// until the client goes: it asks stockd over a unix socket and writes a line to its log.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int ask_stock(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/stockd.sock" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		exit(1);
	return fd;
}

static void serve(int client)
{
	char request[256], answer[2048];
	FILE *log = fopen("/var/log/shopd.log", "a");
	int stock = ask_stock();
	ssize_t size;

	while ((size = read(client, request, sizeof(request))) > 0) {
		if (write(stock, request, size) != size || read(stock, answer, 64) <= 0)
			break;
		memset(answer + 64, '.', sizeof(answer) - 64);
		if (write(client, answer, sizeof(answer)) < 0)
			break;
		fprintf(log, "GET /item/%d 200\n", rand() % 1000);
		fflush(log);
	}
	exit(0);
}

int main(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(8080) };
	int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);

	signal(SIGCHLD, SIG_IGN);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 64))
		return 1;
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client >= 0 && fork() == 0)
			serve(client);
		close(client);
	}
}
