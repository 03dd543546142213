// The demo's customers. Usage: buyer REQUESTS PAUSE_MS : one connection to the shop, then the end.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in shop = { .sin_family = AF_INET, .sin_port = htons(8080) };
	int requests = argc > 1 ? atoi(argv[1]) : 10, pause_ms = argc > 2 ? atoi(argv[2]) : 50;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char request[128], answer[2048];

	shop.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&shop, sizeof(shop)))
		return 1;
	while (requests-- > 0) {
		int size = snprintf(request, sizeof(request), "GET /item/%d HTTP/1.0\r\n\r\n", rand() % 1000);

		if (write(fd, request, size) != size)
			return 1;
		for (ssize_t have = 0, got; have < (ssize_t)sizeof(answer); have += got) {
			got = read(fd, answer, sizeof(answer));
			if (got <= 0)
				return 1;
		}
		usleep(pause_ms * 1000);
	}
	return 0;
}
