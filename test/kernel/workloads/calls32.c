/* SPDX-License-Identifier: GPL-2.0 */
/* A 32-bit program of i386 or arm, without any library: gcc -m32 -nostdlib -static. */

#ifdef __arm__
enum { IO_SETUP = 243, IO_GETEVENTS = 245, IO_SUBMIT = 246, EXIT_GROUP = 248 };
#else
enum { IO_SETUP = 245, IO_GETEVENTS = 247, IO_SUBMIT = 248, EXIT_GROUP = 252 };
#endif

static char bytes[64];

static int call5(int nr, int a, int b, int c, int d, int e)
{
#ifdef __arm__
	register int r0 __asm__("r0") = a, r1 __asm__("r1") = b, r2 __asm__("r2") = c, r3 __asm__("r3") = d, r4 __asm__("r4") = e,
		     r7 __asm__("r7") = nr;

	__asm__ volatile("svc 0" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r7) : "memory");
	return r0;
#else
	int result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
	return result;
#endif
}

static int call(int nr, int a, int b, int c)
{
	return call5(nr, a, b, c, 0, 0);
}

/* By the number for socketcall, which arm has not: there socketpair, send and recv are 288, 289 and 291. */
static int call_socket(int which, int *args)
{
#ifdef __arm__
	return call5(which == 8 ? 288 : which == 9 ? 289 : 291, args[0], args[1], args[2], args[3], 0);
#else
	return call(102, which, (int)args, 0);
#endif
}

/* Three writes of 7 bytes. */
static int write_by_aio(int fd)
{
	static unsigned long long request[8], events[3][4];
	static unsigned context, pointers[3] = { (unsigned)request, (unsigned)request, (unsigned)request };

	request[2] = (unsigned long long)fd << 32 | 1; /* IOCB_CMD_PWRITE */
	request[3] = (unsigned)bytes;
	request[4] = 7;
	return call(IO_SETUP, 4, (int)&context, 0) == 0 &&
	       call(IO_SUBMIT, context, 3, (int)pointers) == 3 &&
	       call5(IO_GETEVENTS, context, 3, 3, (int)events, 0) == 3;
}

static void exit_with(int status)
{
	for (;;)
		call(EXIT_GROUP, status, 0, 0);
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
	if (call_socket(8 /* socketpair */, pair_args) != 0)
		exit_with(2);
	send_args[0] = pair[0], receive_args[0] = pair[1];
	send_args[1] = receive_args[1] = (int)bytes;
	send_args[2] = 11, receive_args[2] = 64;
	send_args[3] = receive_args[3] = 0;
	for (int i = 0; i < 3; i++)
		if (call_socket(9 /* send */, send_args) != 11 || call_socket(10 /* recv */, receive_args) != 11)
			exit_with(3);
	for (int i = 0; i < 3; i++)
		call(162 /* nanosleep */, (int)(int[]){ 0, 7000000 }, 0, 0);
	for (int i = 0; i < 2; i++)
		call5(407 /* clock_nanosleep_time64 */, 1, 0, (int)(long long[]){ 0, 3000000 }, 0, 0);
	if (!write_by_aio(fd))
		exit_with(4);
	for (int i = 0; i < 3; i++)
		call(11 /* execve */, (int)"./eb-missing", (int)(char *[]){ "eb-32", "two words", (char *)0 }, 0);
	exit_with(0);
}
