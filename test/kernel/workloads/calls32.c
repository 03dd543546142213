/* SPDX-License-Identifier: GPL-2.0 */
/* A 32-bit program, without any library: gcc -m32 -nostdlib -static. */

static char bytes[64];

static int call5(int nr, int a, int b, int c, int d, int e)
{
	int result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
	return result;
}

static int call(int nr, int a, int b, int c)
{
	return call5(nr, a, b, c, 0, 0);
}

/* Three writes of 7 bytes. */
static int write_by_aio(int fd)
{
	static unsigned long long request[8], events[3][4];
	static unsigned context, pointers[3] = { (unsigned)request, (unsigned)request, (unsigned)request };

	request[2] = (unsigned long long)fd << 32 | 1; /* IOCB_CMD_PWRITE */
	request[3] = (unsigned)bytes;
	request[4] = 7;
	return call(245 /* io_setup */, 4, (int)&context, 0) == 0 &&
	       call(248 /* io_submit */, context, 3, (int)pointers) == 3 &&
	       call5(247 /* io_getevents */, context, 3, 3, (int)events, 0) == 3;
}

static void exit_with(int status)
{
	for (;;)
		call(252 /* exit_group */, status, 0, 0);
}

void _start(void)
{
	int fd = call(5 /* open */, (int)"file", 0102 /* O_RDWR | O_CREAT */, 0600), pair[2];
	int pair_args[4] = { 1, 1, 0, (int)pair }, send_args[4], receive_args[4];

	for (int i = 0; i < 7; i++)
		call(20 /* getpid */, 0, 0, 0);
	for (int i = 0; i < 5; i++)
		if (call(4 /* write */, fd, (int)bytes, 3) != 3)
			exit_with(1);
	if (call(102 /* socketcall */, 8 /* socketpair */, (int)pair_args, 0) != 0)
		exit_with(2);
	send_args[0] = pair[0], receive_args[0] = pair[1];
	send_args[1] = receive_args[1] = (int)bytes;
	send_args[2] = 11, receive_args[2] = 64;
	send_args[3] = receive_args[3] = 0;
	for (int i = 0; i < 3; i++)
		if (call(102, 9 /* send */, (int)send_args, 0) != 11 || call(102, 10 /* recv */, (int)receive_args, 0) != 11)
			exit_with(3);
	for (int i = 0; i < 3; i++)
		call(162 /* nanosleep */, (int)(int[]){ 0, 7000000 }, 0, 0);
	for (int i = 0; i < 2; i++)
		call5(407 /* clock_nanosleep_time64 */, 1, 0, (int)(long long[]){ 0, 3000000 }, 0, 0);
	if (!write_by_aio(fd))
		exit_with(4);
	exit_with(0);
}
