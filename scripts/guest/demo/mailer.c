// The demo's mailer: takes messages from the queue and hands each to the spool through a FIFO.
#include <fcntl.h>
#include <mqueue.h>
#include <unistd.h>

int main(void)
{
	struct mq_attr attributes = { .mq_maxmsg = 8, .mq_msgsize = 128 };
	mqd_t mail = mq_open("/mail", O_CREAT | O_RDONLY, 0666, &attributes);
	int spool = open("/run/spool", O_WRONLY);
	char message[128];

	for (;;) {
		ssize_t size = mq_receive(mail, message, sizeof(message), NULL);

		if (size < 0 || write(spool, message, size) != size)
			return 1;
	}
}
