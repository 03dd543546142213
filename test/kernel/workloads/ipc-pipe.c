// SPDX-License-Identifier: GPL-2.0
// Anonymous pipes and FIFOs. Arguments: messages, bytes of each.
#include "role.h"
#include <sys/sendfile.h>
#include <sys/uio.h>

static long messages, size;

/* A writer for ends[1]; the caller keeps both ends open. */
static pid_t start_writer(const char *name, int *ends, long count, long bytes)
{
	pid_t pid = start(name);

	if (pid)
		return pid;
	close(ends[0]);
	ready();
	write_all(ends[1], count, bytes);
	done();
}

static pid_t start_reader(const char *name, int *ends, long total)
{
	pid_t pid = start(name);

	if (pid)
		return pid;
	close(ends[1]);
	ready();
	read_all(ends[0], total);
	done();
}

static void close_both(int *ends)
{
	close(ends[0]);
	close(ends[1]);
}

static void one(void)
{
	int ends[2];

	CHECK(pipe(ends));
	start_writer("eb-writer", ends, messages, size);
	start_reader("eb-reader", ends, messages * size);
	close_both(ends);
	started();
}

/* The parent keeps both ends open, as a careless shell does. */
static void holder(void)
{
	int ends[2];

	CHECK(pipe(ends));
	start_writer("eb-writer", ends, messages, size);
	start_reader("eb-reader", ends, messages * size);
	started();
}

/* Three writers of different amounts, two readers. */
static void many(void)
{
	int ends[2];
	long total = 11 * 101 + 13 * 211 + 17 * 307;

	CHECK(pipe(ends));
	start_writer("eb-w1", ends, 11, 101);
	start_writer("eb-w2", ends, 13, 211);
	start_writer("eb-w3", ends, 17, 307);
	start_reader("eb-r1", ends, 1009);
	start_reader("eb-r2", ends, total - 1009);
	close_both(ends);
	started();
}

/* Both ends are open, nothing is transferred. */
static void idle(void)
{
	int ends[2];

	CHECK(pipe(ends));
	start_writer("eb-writer", ends, 0, 1);
	start_reader("eb-reader", ends, 0);
	close_both(ends);
	started();
}

static void move_splice(int from, int to)
{
	for (long left = messages * size, got; left > 0; left -= got)
		got = CHECK(splice(from, NULL, to, NULL, left, 0));
}

/* Copies to the next pipe, and discards the original into /dev/null. */
static void move_tee(int from, int to)
{
	int null = CHECK(open("/dev/null", O_WRONLY));

	for (long left = messages * size, got; left > 0; left -= got) {
		got = CHECK(tee(from, to, left, 0));
		for (long rest = got; rest > 0;)
			rest -= CHECK(splice(from, NULL, null, NULL, rest, 0));
	}
}

/* eb-writer -> pipe -> eb-mover -> pipe -> eb-reader */
static void chain(void (*move)(int, int))
{
	int first[2], second[2];

	CHECK(pipe(first));
	CHECK(pipe(second));
	if (!start("eb-writer")) {
		close(first[0]);
		close_both(second);
		ready();
		write_all(first[1], messages, size);
		done();
	}
	if (!start("eb-mover")) {
		close(first[1]);
		close(second[0]);
		ready();
		move(first[0], second[1]);
		done();
	}
	close_both(first);
	start_reader("eb-reader", second, messages * size);
	close_both(second);
	started();
}

static void chain_splice(void)
{
	chain(move_splice);
}

static void chain_tee(void)
{
	chain(move_tee);
}

static void send_vmsplice(int fd)
{
	char *bytes = calloc(1, size);
	struct iovec piece = { bytes, size };

	for (long i = 0; i < messages; i++)
		if (CHECK(vmsplice(fd, &piece, 1, 0)) != size)
			fail("short vmsplice");
}

static void send_sendfile(int fd)
{
	int file = CHECK(open("/proc/self/exe", O_RDONLY));
	off_t at = 0;

	for (long i = 0; i < messages; i++, at = 0)
		if (CHECK(sendfile(fd, file, &at, size)) != size)
			fail("short sendfile");
}

static void send_with(void (*send)(int))
{
	int ends[2];

	CHECK(pipe(ends));
	if (!start("eb-writer")) {
		close(ends[0]);
		ready();
		send(ends[1]);
		done();
	}
	start_reader("eb-reader", ends, messages * size);
	close_both(ends);
	started();
}

static void vmsplice_(void)
{
	send_with(send_vmsplice);
}

static void sendfile_(void)
{
	send_with(send_sendfile);
}

/* The writer exits at once, before the first read. */
static void brief(void)
{
	int ends[2];

	CHECK(pipe(ends));
	if (!start("eb-reader")) {
		close(ends[1]);
		ready();
		await_role("pid", "eb-brief");
		doze(20000);
		read_all(ends[0], messages * size);
		done();
	}
	mark("started", "");
	await("go");
	if (!start("eb-brief")) {
		close(ends[0]);
		write_all(ends[1], messages, size);
		_exit(0);
	}
	close_both(ends);
	started();
}

/* Both are short-lived: fork, one message, exit; `messages` times. */
static void flicker(void)
{
	char bytes[4096], name[16];
	int pair = 0;

	mark("started", "");
	await("go");
	for (; pair < messages && pair < 1000; pair++) {
		int ends[2];

		CHECK(pipe(ends));
		snprintf(name, sizeof(name), "eb-fw%d", pair % 1000);
		if (!start(name)) {
			CHECK(write(ends[1], bytes, size));
			_exit(0);
		}
		snprintf(name, sizeof(name), "eb-fr%d", pair % 1000);
		if (!start(name)) {
			read_all(ends[0], size);
			_exit(0);
		}
		close_both(ends);
		wait(NULL);
		wait(NULL);
	}
	mark("done", "eb-main");
}

static void fifo_with(int writer_flags, int reader_flags)
{
	int is_both = writer_flags == O_RDWR;

	if (mkfifo("pipe.fifo", 0600) && errno != EEXIST)
		fail("mkfifo");
	if (!start("eb-writer")) {
		int fd = CHECK(open("pipe.fifo", writer_flags));

		ready();
		write_all(fd, messages, size);
		done();
	}
	if (!start("eb-reader")) {
		int fd = CHECK(open("pipe.fifo", reader_flags));

		ready();
		if (is_both)
			doze(30000);
		read_all(fd, messages * size);
		done();
	}
	started();
}

/* The path may exist already: the other role created it. */
static void fifo(void)
{
	fifo_with(O_WRONLY, O_RDONLY);
}

static void fifo_rdwr(void)
{
	fifo_with(O_RDWR, O_RDWR);
}

int main(int argc, char **argv)
{
	static const struct workload workloads[] = {
		{ "one", one }, { "holder", holder }, { "many", many }, { "idle", idle },
		{ "splice", chain_splice }, { "tee", chain_tee }, { "vmsplice", vmsplice_ }, { "sendfile", sendfile_ },
		{ "brief", brief }, { "flicker", flicker }, { "fifo", fifo }, { "fifo-rdwr", fifo_rdwr }, { 0 },
	};
	messages = argc > 2 ? atol(argv[2]) : 7;
	size = argc > 3 ? atol(argv[3]) : 1009;
	return run_workload(argc, argv, workloads);
}
