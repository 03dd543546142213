// The demo's stock service: answers on a unix socket, keeps its numbers in POSIX shared memory that auditd maps too,
// and tells the mailer over a message queue about every tenth sale.
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS 64

int main(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/stockd.sock" };
	struct mq_attr attributes = { .mq_maxmsg = 8, .mq_msgsize = 128 };
	mqd_t mail = mq_open("/mail", O_CREAT | O_WRONLY | O_NONBLOCK, 0666, &attributes);
	int memory = shm_open("/stock", O_CREAT | O_RDWR, 0666);
	struct pollfd fds[CLIENTS] = { { .fd = socket(AF_UNIX, SOCK_STREAM, 0), .events = POLLIN } };
	unsigned long *stock;
	char request[256];
	int count = 1;

	if (ftruncate(memory, 4096))
		return 1;
	stock = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	if (bind(fds[0].fd, (struct sockaddr *)&address, sizeof(address)) || listen(fds[0].fd, 64))
		return 1;
	while (poll(fds, count, -1) > 0) {
		for (int i = 1; i < count; i++) {
			if (!fds[i].revents)
				continue;
			if (read(fds[i].fd, request, sizeof(request)) <= 0) {
				close(fds[i].fd);
				fds[i--] = fds[--count];
				continue;
			}
			if (++*stock % 10 == 0)
				mq_send(mail, "sold ten more", 13, 0);
			memset(request, 'x', 64);
			if (write(fds[i].fd, request, 64) < 0)
				return 1;
		}
		if (fds[0].revents && count < CLIENTS)
			fds[count++] = (struct pollfd){ .fd = accept(fds[0].fd, NULL, NULL), .events = POLLIN };
	}
	return 0;
}
