// SPDX-License-Identifier: GPL-2.0
// Servers with the ground truth in the file system: each file made for a request is named after the request's cookie, every
// other one "house". Arguments: KIND FOLDER WORKERS for a server, "client FOLDER PREFIX COUNT CONNECTIONS" for a client,
// which sends COUNT requests PREFIX.N one after the other, with CONNECTIONS "one" over one connection, "each" over one for
// each, "kept" over one for each that stays open: so no socket gets the address of an earlier one; "pipelined" over one
// connection, up to PIPELINED at once; "pieces" over one connection, each in several writes; "signals" by signal; "bus" and
// "activating" over the folder's dbus-daemon. "service FOLDER COOKIE" is what that one starts.
#include "role.h"
#include "bus.h"
#include <arpa/inet.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/un.h>

#define COOKIE 32
#define QUEUE 256
#define PIPELINED 4

struct request {
	int fd;
	char cookie[COOKIE];
};

static int workers = 4;
static const char *kind;

/* --- the work for a request: two files, 1 to 97 bytes in each, some time in between ---------------------------------- */

static int bytes_of(const char *cookie)
{
	unsigned hash = 5381;

	while (*cookie)
		hash = hash * 33 + (unsigned char)*cookie++;
	return 1 + hash % 97;
}

static void make_file(const char *cookie, const char *part)
{
	char path[96], bytes[97] = {0};
	int fd;

	snprintf(path, sizeof(path), "%s.%s", cookie, part);
	fd = CHECK(open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644));
	if (write(fd, bytes, bytes_of(cookie)) < 0)
		fail("write");
	close(fd);
}

static void job(const char *cookie)
{
	static __thread unsigned seed;

	if (!seed)
		seed = syscall(SYS_gettid);
	make_file(cookie, "a");
	doze(200 + rand_r(&seed) % 800);
	make_file(cookie, "b");
}

static void house(void)
{
	static int number;

	char name[32];
	snprintf(name, sizeof(name), "house-%d-%d", (int)syscall(SYS_gettid), number++);
	make_file(name, "h");
}

static void *housekeeping(void *unused)
{
	(void)unused;
	for (;;) {
		house();
		doze(3000);
	}
	return NULL;
}

/* --- sockets ------------------------------------------------------------------------------------------------------ */

static socklen_t unix_address(struct sockaddr_un *address, const char *name)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	strcpy(address->sun_path, name);
	return offsetof(struct sockaddr_un, sun_path) + strlen(name) + 1;
}

static int listen_at(const char *name)
{
	struct sockaddr_un address;
	socklen_t len = unix_address(&address, name);
	int fd = CHECK(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	CHECK(bind(fd, (struct sockaddr *)&address, len));
	CHECK(listen(fd, 128));
	return fd;
}

static int connect_to(const char *name)
{
	struct sockaddr_un address;
	socklen_t len = unix_address(&address, name);
	int fd = CHECK(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	CHECK(connect(fd, (struct sockaddr *)&address, len));
	return fd;
}

/* False at the end. */
static int get(int fd, char *cookie)
{
	ssize_t got = read(fd, cookie, COOKIE);

	return got == COOKIE;
}

static void put(int fd, const char *cookie)
{
	if (write(fd, cookie, COOKIE) != COOKIE && errno != EPIPE)
		fail("reply");
}

static int accept_one(int listener)
{
	return CHECK(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
}

/* --- a queue between threads --------------------------------------------------------------------------------------- */

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t more;
	unsigned begin, end;
	struct request requests[QUEUE];
};
static struct queue jobs = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, {{0, ""}}};
static struct queue finished = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, {{0, ""}}};

static void push(struct queue *queue, const struct request *request)
{
	pthread_mutex_lock(&queue->lock);
	queue->requests[queue->end++ % QUEUE] = *request;
	pthread_cond_signal(&queue->more);
	pthread_mutex_unlock(&queue->lock);
}

static struct request pop(struct queue *queue)
{
	struct request request;

	pthread_mutex_lock(&queue->lock);
	while (queue->begin == queue->end)
		pthread_cond_wait(&queue->more, &queue->lock);
	request = queue->requests[queue->begin++ % QUEUE];
	pthread_mutex_unlock(&queue->lock);
	return request;
}

static void spawn_thread(void *(*run)(void *), void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, argument))
		fail("pthread_create");
	pthread_detach(thread);
}

/* --- an event loop over the listener, its connections, and one more descriptor ----------------------------------------- */

struct loop {
	int epoll;
	int listener;
	int extra; /* or -1 */
	void (*on_request)(struct request *request);
	void (*on_extra)(int fd);
};

static void watch(int epoll, int fd, unsigned how)
{
	struct epoll_event event = {.events = how, .data.fd = fd};

	CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

static void run_loop(struct loop *loop)
{
	loop->epoll = CHECK(epoll_create1(EPOLL_CLOEXEC));
	watch(loop->epoll, loop->listener, EPOLLIN);
	if (loop->extra >= 0)
		watch(loop->epoll, loop->extra, EPOLLIN);
	for (;;) {
		struct epoll_event events[16];
		int count = epoll_wait(loop->epoll, events, 16, 3);

		if (count == 0)
			house();
		for (int i = 0; i < count; i++) {
			struct request request = {.fd = events[i].data.fd};

			if (request.fd == loop->listener)
				watch(loop->epoll, accept_one(loop->listener), EPOLLIN);
			else if (request.fd == loop->extra)
				loop->on_extra(loop->extra);
			else if (get(request.fd, request.cookie))
				loop->on_request(&request);
			else
				close(request.fd);
		}
	}
}

/* --- the servers ---------------------------------------------------------------------------------------------------- */

static void serve_connection(int fd)
{
	char cookie[COOKIE];

	while (get(fd, cookie)) {
		job(cookie);
		put(fd, cookie);
	}
	close(fd);
}

static void *connection_thread(void *fd)
{
	serve_connection((int)(long)fd);
	return NULL;
}

/* A thread for each connection. */
static void tpc(int listener)
{
	spawn_thread(housekeeping, NULL);
	for (;;)
		spawn_thread(connection_thread, (void *)(long)accept_one(listener));
}

/* Several processes that accept. */
static void prefork(int listener)
{
	for (int i = 0; i < workers; i++)
		if (start("eb-worker") == 0)
			for (;;)
				serve_connection(accept_one(listener));
	housekeeping(NULL);
}

/* A process for each connection. */
static void forking(int listener)
{
	signal(SIGCHLD, SIG_IGN);
	spawn_thread(housekeeping, NULL);
	for (;;) {
		int fd = accept_one(listener);

		if (CHECK(fork()) == 0) {
			become("eb-child");
			serve_connection(fd);
			_exit(0);
		}
		close(fd);
	}
}

static void do_and_reply(struct request *request)
{
	job(request->cookie);
	put(request->fd, request->cookie);
}

static void event_loop(int listener)
{
	run_loop(&(struct loop){.listener = listener, .extra = -1, .on_request = do_and_reply});
}

/* Reads all requests that a connection has, and then does one after the other. */
static void pipelined(int listener)
{
	int epoll = CHECK(epoll_create1(EPOLL_CLOEXEC));

	watch(epoll, listener, EPOLLIN);
	for (;;) {
		char cookies[PIPELINED][COOKIE];
		struct epoll_event event;
		ssize_t got;

		if (epoll_wait(epoll, &event, 1, 3) < 1) {
			house();
			continue;
		}
		if (event.data.fd == listener) {
			watch(epoll, accept_one(listener), EPOLLIN);
			continue;
		}
		got = read(event.data.fd, cookies, sizeof(cookies));
		if (got <= 0)
			close(event.data.fd);
		for (int i = 0; i < got / COOKIE; i++) {
			job(cookies[i]);
			put(event.data.fd, cookies[i]);
		}
	}
}

static void queue_job(struct request *request)
{
	push(&jobs, request);
}

static void *replying_worker(void *unused)
{
	(void)unused;
	for (;;) {
		struct request request = pop(&jobs);

		do_and_reply(&request);
	}
	return NULL;
}

static void spawn_workers(void *(*run)(void *))
{
	for (int i = 0; i < workers; i++)
		spawn_thread(run, NULL);
}

/* The loop reads, a worker replies. */
static void pool(int listener)
{
	spawn_workers(replying_worker);
	run_loop(&(struct loop){.listener = listener, .extra = -1, .on_request = queue_job});
}

static int loop_epoll;

static void *reading_worker(void *unused)
{
	(void)unused;
	for (;;) {
		struct request request = pop(&jobs);
		struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.fd = request.fd};

		if (!get(request.fd, request.cookie)) {
			close(request.fd);
			continue;
		}
		do_and_reply(&request);
		CHECK(epoll_ctl(loop_epoll, EPOLL_CTL_MOD, request.fd, &event));
	}
	return NULL;
}

/* The loop finds the connection with a request, a worker reads it and replies. */
static void poolread(int listener)
{
	loop_epoll = CHECK(epoll_create1(EPOLL_CLOEXEC));
	spawn_workers(reading_worker);
	watch(loop_epoll, listener, EPOLLIN);
	for (;;) {
		struct epoll_event event;
		struct request request = {.fd = -1};

		if (epoll_wait(loop_epoll, &event, 1, 3) < 1) {
			house();
			continue;
		}
		request.fd = event.data.fd;
		if (request.fd == listener)
			watch(loop_epoll, accept_one(listener), EPOLLIN | EPOLLONESHOT);
		else
			push(&jobs, &request);
	}
}

static int completions;

static void *completing_worker(void *unused)
{
	(void)unused;
	for (;;) {
		struct request request = pop(&jobs);

		job(request.cookie);
		push(&finished, &request);
		eventfd_write(completions, 1);
	}
	return NULL;
}

static void reply_finished(int fd)
{
	eventfd_t count;

	for (eventfd_read(fd, &count); count > 0; count--) {
		struct request request = pop(&finished);

		put(request.fd, request.cookie);
	}
}

/* The loop reads and replies, a worker says through an eventfd that it is done. */
static void poolback(int listener)
{
	completions = CHECK(eventfd(0, EFD_CLOEXEC));
	spawn_workers(completing_worker);
	run_loop(&(struct loop){listener, listener, completions, queue_job, reply_finished});
}

static int result_pipe[2], job_pipe[2];

static void reply_from_pipe(int fd)
{
	struct request request;

	if (CHECK(read(fd, &request, sizeof(request))) == sizeof(request))
		put(request.fd, request.cookie);
}

static void write_job(struct request *request)
{
	CHECK(write(job_pipe[1], request, sizeof(*request)));
}

/* Jobs go to worker processes through one pipe, results come back through another. */
static void pipeq(int listener)
{
	CHECK(pipe(job_pipe));
	CHECK(pipe(result_pipe));
	for (int i = 0; i < workers; i++)
		if (start("eb-worker") == 0)
			for (;;) {
				struct request request;

				if (CHECK(read(job_pipe[0], &request, sizeof(request))) != sizeof(request))
					_exit(0);
				job(request.cookie);
				CHECK(write(result_pipe[1], &request, sizeof(request)));
			}
	run_loop(&(struct loop){listener, listener, result_pipe[0], write_job, reply_from_pipe});
}

static struct request waiting[QUEUE];
static int waiting_count;

static void keep_request(struct request *request)
{
	waiting[waiting_count++] = *request;
}

/* Reads all available requests, then forks for one after the other in random order; results come through a pipe. */
static void deferred(int listener)
{
	struct loop loop = {.listener = listener, .epoll = CHECK(epoll_create1(EPOLL_CLOEXEC))};
	unsigned seed = getpid();

	signal(SIGCHLD, SIG_IGN);
	CHECK(pipe(result_pipe));
	watch(loop.epoll, listener, EPOLLIN);
	watch(loop.epoll, result_pipe[0], EPOLLIN);
	for (;;) {
		struct epoll_event events[16];
		int count = epoll_wait(loop.epoll, events, 16, 3);

		if (count == 0)
			house();
		for (int i = 0; i < count; i++) {
			struct request request = {.fd = events[i].data.fd};

			if (request.fd == listener)
				watch(loop.epoll, accept_one(listener), EPOLLIN);
			else if (request.fd == result_pipe[0])
				reply_from_pipe(request.fd);
			else if (get(request.fd, request.cookie))
				keep_request(&request);
			else {
				/* A child may still have it open, and epoll would keep reporting an fd number that is
				 * reused. */
				CHECK(epoll_ctl(loop.epoll, EPOLL_CTL_DEL, request.fd, NULL));
				close(request.fd);
			}
		}
		while (waiting_count) {
			int index = rand_r(&seed) % waiting_count;
			struct request request = waiting[index];

			waiting[index] = waiting[--waiting_count];
			if (CHECK(fork()) == 0) {
				become("eb-child");
				job(request.cookie);
				CHECK(write(result_pipe[1], &request, sizeof(request)));
				_exit(0);
			}
		}
	}
}

/* Does all requests that it has read, and then replies to all. "held" waits for a second one, but not for long. */
static void together(int listener)
{
	bool is_waiting = !strcmp(kind, "held");
	int epoll = CHECK(epoll_create1(EPOLL_CLOEXEC));

	watch(epoll, listener, EPOLLIN);
	for (;;) {
		struct epoll_event events[16];
		int count = epoll_wait(epoll, events, 16, 3);

		if (count == 0)
			house();
		for (int i = 0; i < count; i++) {
			struct request request = {.fd = events[i].data.fd};

			if (request.fd == listener)
				watch(epoll, accept_one(listener), EPOLLIN);
			else if (get(request.fd, request.cookie))
				keep_request(&request);
			else
				close(request.fd);
		}
		if (is_waiting && waiting_count == 1 && count > 0)
			continue;
		for (int i = 0; i < waiting_count; i++)
			job(waiting[i].cookie);
		for (int i = 0; i < waiting_count; i++)
			put(waiting[i].fd, waiting[i].cookie);
		waiting_count = 0;
	}
}

static int shared_connection;

static void *backend_worker(void *unused)
{
	(void)unused;
	for (;;) {
		struct request request = pop(&jobs);

		job(request.cookie);
		CHECK(write(shared_connection, &request, sizeof(request)));
	}
	return NULL;
}

static void forward(struct request *request)
{
	CHECK(write(shared_connection, request, sizeof(*request)));
}

/* A backend that reads all requests from one connection and has a pool behind it. */
static void mux_backend(const char *name)
{
	shared_connection = accept_one(listen_at(name));
	spawn_workers(backend_worker);
	for (;;) {
		struct request request;

		if (CHECK(read(shared_connection, &request, sizeof(request))) != sizeof(request))
			_exit(0);
		push(&jobs, &request);
	}
}

static void mux(int listener)
{
	if (start("eb-backend") == 0)
		mux_backend("backend.sock");
	await("backend.sock");
	doze(20000);
	shared_connection = connect_to("backend.sock");
	run_loop(&(struct loop){listener, listener, shared_connection, forward, reply_from_pipe});
}

static void relay_backend(void)
{
	struct request request;
	const char hello[COOKIE] = "backend";
	int hub = connect_to("server.sock");

	put(hub, hello);
	while (CHECK(read(hub, &request, sizeof(request))) == sizeof(request)) {
		job(request.cookie);
		CHECK(write(hub, &request, sizeof(request)));
	}
	_exit(0);
}

/* Passes on to a backend that has connected to it, as all clients have. */
static void relay(int listener)
{
	struct loop loop = {.listener = listener, .extra = -1, .on_request = forward, .on_extra = reply_from_pipe};
	char cookie[COOKIE] = {0};

	if (start("eb-backend") == 0)
		relay_backend();
	loop.extra = shared_connection = accept_one(listener);
	if (!get(shared_connection, cookie))
		fail("backend");
	mark("ready", "");
	run_loop(&loop);
}

/* A shim, started long before, is told to fork a child for each request. */
static void shim(int listener)
{
	int pair[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	if (start("eb-shim") == 0) {
		close(pair[0]);
		for (;;) {
			struct request request;
			pid_t child;

			if (CHECK(read(pair[1], &request, sizeof(request))) != sizeof(request))
				_exit(0);
			child = CHECK(fork());
			if (child == 0) {
				become("eb-child");
				job(request.cookie);
				_exit(0);
			}
			CHECK(waitpid(child, NULL, 0));
			CHECK(write(pair[1], &request, sizeof(request)));
		}
	}
	close(pair[1]);
	shared_connection = pair[0];
	run_loop(&(struct loop){listener, listener, shared_connection, forward, reply_from_pipe});
}

static int tcp_port;

static int tcp_socket(struct sockaddr_in *address)
{
	*address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = tcp_port};
	return CHECK(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static void *proxy_thread(void *fd)
{
	struct sockaddr_in address;
	int backend = tcp_socket(&address), client = (int)(long)fd;
	char cookie[COOKIE];

	CHECK(connect(backend, (struct sockaddr *)&address, sizeof(address)));
	while (get(client, cookie)) {
		put(backend, cookie);
		if (!get(backend, cookie))
			break;
		put(client, cookie);
	}
	close(backend);
	close(client);
	return NULL;
}

/* Passes on to a backend over loopback TCP, a connection for each. */
static void proxy(int listener)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);
	int backend = tcp_socket(&address);

	CHECK(bind(backend, (struct sockaddr *)&address, sizeof(address)));
	CHECK(listen(backend, 128));
	CHECK(getsockname(backend, (struct sockaddr *)&address, &len));
	tcp_port = address.sin_port;
	if (start("eb-backend") == 0)
		tpc(backend);
	close(backend);
	spawn_thread(housekeeping, NULL);
	for (;;)
		spawn_thread(proxy_thread, (void *)(long)accept_one(listener));
}

/* --- a queue in memory that processes share -------------------------------------------------------------------------- */

struct shared_queue {
	unsigned lock, count, begin, end;
	struct request requests[QUEUE];
};

static long futex(unsigned *word, int operation, unsigned value)
{
	return syscall(SYS_futex, word, operation, value, NULL, NULL, ~0u);
}

static void lock_queue(struct shared_queue *queue)
{
	while (__sync_val_compare_and_swap(&queue->lock, 0, 1))
		sched_yield();
}

static void share(struct shared_queue *queue, const struct request *request)
{
	lock_queue(queue);
	queue->requests[queue->end++ % QUEUE] = *request;
	__atomic_store_n(&queue->lock, 0, __ATOMIC_RELEASE);
	__sync_fetch_and_add(&queue->count, 1);
	futex(&queue->count, FUTEX_WAKE, 1);
}

static struct request take(struct shared_queue *queue)
{
	for (;;) {
		unsigned count = __atomic_load_n(&queue->count, __ATOMIC_ACQUIRE);

		lock_queue(queue);
		if (queue->begin != queue->end) {
			struct request request = queue->requests[queue->begin++ % QUEUE];

			__atomic_store_n(&queue->lock, 0, __ATOMIC_RELEASE);
			return request;
		}
		__atomic_store_n(&queue->lock, 0, __ATOMIC_RELEASE);
		futex(&queue->count, FUTEX_WAIT_BITSET, count);
	}
}

static struct shared_queue *shared_jobs, *shared_results;

static void share_job(struct request *request)
{
	share(shared_jobs, request);
}

static void reply_shared(int fd)
{
	eventfd_t count;

	for (eventfd_read(fd, &count); count > 0; count--) {
		struct request request = take(shared_results);

		put(request.fd, request.cookie);
	}
}

static void shmq(int listener)
{
	shared_jobs = mmap(NULL, 2 * sizeof(*shared_jobs), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared_jobs == MAP_FAILED)
		fail("mmap");
	shared_results = shared_jobs + 1;
	completions = CHECK(eventfd(0, EFD_CLOEXEC));
	for (int i = 0; i < workers; i++)
		if (start("eb-worker") == 0)
			for (;;) {
				struct request request = take(shared_jobs);

				job(request.cookie);
				share(shared_results, &request);
				eventfd_write(completions, 1);
			}
	run_loop(&(struct loop){listener, listener, completions, share_job, reply_shared});
}

/* --- other ways to share the work --------------------------------------------------------------------------------------- */

static int send_descriptor(int over, int fd)
{
	char byte = 'f', control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec piece = {&byte, 1};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	*header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
	memcpy(CMSG_DATA(header), &fd, sizeof(int));
	return sendmsg(over, &message, 0);
}

static int receive_descriptor(int over)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec piece = {&byte, 1};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	int fd;

	if (recvmsg(over, &message, MSG_CMSG_CLOEXEC) != 1)
		_exit(0);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return fd;
}

/* One process accepts, and passes each connection on to a worker process, whose threads serve it. */
static void handover(int listener)
{
	int pairs[16], next = 0;

	for (int i = 0; i < workers; i++) {
		int pair[2];

		CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
		if (start("eb-worker") == 0)
			for (;;)
				spawn_thread(connection_thread, (void *)(long)receive_descriptor(pair[1]));
		close(pair[1]);
		pairs[i] = pair[0];
	}
	spawn_thread(housekeeping, NULL);
	for (;;) {
		int fd = accept_one(listener);

		CHECK(send_descriptor(pairs[next++ % workers], fd));
		close(fd);
	}
}

static void *first_stage(void *unused)
{
	(void)unused;
	for (;;) {
		struct request request = pop(&jobs);

		make_file(request.cookie, "a");
		push(&finished, &request);
	}
	return NULL;
}

static void *second_stage(void *unused)
{
	(void)unused;
	for (;;) {
		struct request request = pop(&finished);

		doze(300);
		make_file(request.cookie, "b");
		put(request.fd, request.cookie);
	}
	return NULL;
}

/* The loop reads, a worker does half of the work, and one of a second pool the rest. */
static void stages(int listener)
{
	spawn_workers(first_stage);
	spawn_workers(second_stage);
	run_loop(&(struct loop){.listener = listener, .extra = -1, .on_request = queue_job});
}

static void *polling_worker(void *unused)
{
	(void)unused;
	for (;;) {
		struct epoll_event event;
		struct request request;

		if (epoll_wait(loop_epoll, &event, 1, -1) < 1)
			continue;
		request.fd = event.data.fd;
		if (!get(request.fd, request.cookie)) {
			close(request.fd);
			continue;
		}
		do_and_reply(&request);
		event.events = EPOLLIN | EPOLLONESHOT;
		CHECK(epoll_ctl(loop_epoll, EPOLL_CTL_MOD, request.fd, &event));
	}
	return NULL;
}

/* A thread accepts; the others wait together for the next request of any connection. */
static void oneshot(int listener)
{
	loop_epoll = CHECK(epoll_create1(EPOLL_CLOEXEC));
	spawn_workers(polling_worker);
	spawn_thread(housekeeping, NULL);
	for (;;)
		watch(loop_epoll, accept_one(listener), EPOLLIN | EPOLLONESHOT);
}

static char partial[1024][COOKIE];
static int partial_bytes[1024];

/* A loop that gets each request in several pieces, those of other connections in between. */
static void pieces(int listener)
{
	int epoll = CHECK(epoll_create1(EPOLL_CLOEXEC));

	watch(epoll, listener, EPOLLIN);
	for (;;) {
		struct epoll_event event;
		struct request request;
		ssize_t got;
		int fd;

		if (epoll_wait(epoll, &event, 1, 3) < 1) {
			house();
			continue;
		}
		fd = event.data.fd;
		if (fd == listener) {
			watch(epoll, accept_one(listener), EPOLLIN);
			continue;
		}
		got = read(fd, partial[fd] + partial_bytes[fd], COOKIE - partial_bytes[fd]);
		if (got <= 0) {
			partial_bytes[fd] = 0;
			close(fd);
			continue;
		}
		partial_bytes[fd] += got;
		if (partial_bytes[fd] < COOKIE)
			continue;
		partial_bytes[fd] = 0;
		request.fd = fd;
		memcpy(request.cookie, partial[fd], COOKIE);
		do_and_reply(&request);
	}
}

/* --- goroutines, as the runtime of Go has them --------------------------------------------------------------------------- */

/* A thread runs a goroutine until that waits, and then any thread goes on with it. As in Go 1.22 and before. */
struct goroutine {
	unsigned long stack[2], between[16], state, number;
	struct request request;
	int step;
};
#define IN_CALL 3

static long go_call(struct goroutine *goroutine, long nr, long first, long second, long third)
{
	goroutine->stack[0] = (unsigned long)__builtin_frame_address(0) - 65536;
	goroutine->stack[1] = goroutine->stack[0] + 131072;
#ifdef __aarch64__
	register struct goroutine *x28 asm("x28") = goroutine;
	register long x8 asm("x8") = nr, x0 asm("x0") = first, x1 asm("x1") = second, x2 asm("x2") = third, x3 asm("x3") = 0644;

	asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x28) : "memory");
	return x0;
#else
	register struct goroutine *r14 asm("r14") = goroutine;
	register long r10 asm("r10") = 0644;
	long ret;

	asm volatile("syscall"
		     : "=a"(ret)
		     : "0"(nr), "D"(first), "S"(second), "d"(third), "r"(r10), "r"(r14)
		     : "rcx", "r11", "memory");
	return ret;
#endif
}

static void go_make_file(struct goroutine *goroutine, const char *cookie, const char *part)
{
	char path[96], bytes[97] = {0};
	int fd;

	snprintf(path, sizeof(path), "%s.%s", cookie, part);
	fd = go_call(goroutine, SYS_openat, AT_FDCWD, (long)path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC);
	if (fd < 0 || go_call(goroutine, SYS_write, fd, (long)bytes, bytes_of(cookie)) < 0)
		fail("goroutine's file");
	close(fd);
}

static struct goroutine goroutines[1024];

/* Each step of a goroutine is on another thread, as far as there is one. */
static void *goroutine_thread(void *unused)
{
	(void)unused;
	for (;;) {
		struct request request = pop(&jobs);
		struct goroutine *goroutine = &goroutines[request.fd];
		struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.fd = request.fd};
		char *cookie = goroutine->request.cookie;

		if (goroutine->step == 0 && go_call(goroutine, SYS_read, request.fd, (long)cookie, COOKIE) != COOKIE) {
			close(request.fd);
			continue;
		}
		if (goroutine->step == 1)
			go_make_file(goroutine, cookie, "a");
		if (goroutine->step == 2)
			go_make_file(goroutine, cookie, "b");
		if (goroutine->step == 3)
			go_call(goroutine, SYS_write, request.fd, (long)cookie, COOKIE); /* the client may be gone */
		goroutine->step = (goroutine->step + 1) % 4;
		if (goroutine->step)
			push(&jobs, &request);
		else
			CHECK(epoll_ctl(loop_epoll, EPOLL_CTL_MOD, request.fd, &event));
	}
	return NULL;
}

static void go_house(void)
{
	static struct goroutine keeper = {.state = IN_CALL, .number = 2};
	static int number;
	char name[32];

	snprintf(name, sizeof(name), "house-%d", number++);
	go_make_file(&keeper, name, "h");
}

static void goroutine_server(int listener)
{
	static struct goroutine acceptor = {.state = IN_CALL, .number = 1};
	unsigned long number = 18;

	loop_epoll = CHECK(epoll_create1(EPOLL_CLOEXEC));
	spawn_workers(goroutine_thread);
	watch(loop_epoll, listener, EPOLLIN);
	for (;;) {
		struct epoll_event event;
		struct request request = {.fd = -1};

		if (epoll_wait(loop_epoll, &event, 1, 3) < 1) {
			go_house();
			continue;
		}
		request.fd = event.data.fd;
		if (request.fd == listener) {
			int fd = CHECK(go_call(&acceptor, SYS_accept, listener, 0, 0));

			goroutines[fd] = (struct goroutine){.state = IN_CALL, .number = number++};
			watch(loop_epoll, fd, EPOLLIN | EPOLLONESHOT);
		} else {
			push(&jobs, &request);
		}
	}
}

/* --- requests by signal: the file system is the reply ------------------------------------------------------------------- */

static const char *const senders[] = {"mine", "other0", "other1", "other2"};
#define SENDER_SHIFT 20

static void serve_signal(int number, siginfo_t *info, void *context)
{
	char cookie[COOKIE];
	unsigned value = info->si_value.sival_int;

	(void)number;
	(void)context;
	snprintf(cookie, sizeof(cookie), "%s.%u", senders[value >> SENDER_SHIFT], value & ((1 << SENDER_SHIFT) - 1));
	job(cookie);
}

static void signalled(int listener)
{
	(void)listener;
	for (;;)
		if (!poll(NULL, 0, 3))
			house();
}

static void send_signals(const char *sender, int count)
{
	unsigned index = 0;
	int server;
	char path[64] = {0};

	while (strcmp(senders[index], sender))
		index++;
	CHECK(readlink("pid", path, sizeof(path)));
	server = atoi(path);
	for (int i = 0; i < count; i++) {
		CHECK(sigqueue(server, SIGRTMIN, (union sigval){.sival_int = index << SENDER_SHIFT | i}));
		snprintf(path, sizeof(path), "%s.%d.b", sender, i);
		while (access(path, F_OK))
			doze(300);
		doze(500);
	}
}

/* --- over a real dbus-daemon ------------------------------------------------------------------------------------------- */

/* A service that reads several calls at once if there are several. */
static void serve_bus(const char *name, const char *only)
{
	struct bus bus;
	struct bus_in call;

	bus_connect(&bus);
	if (only)
		make_file(only, "s");
	bus_send(&bus, BUS_CALL, "org.freedesktop.DBus", "org.freedesktop.DBus", "RequestName", 0, name);
	if (!only) {
		bus_receive(&bus, &call);
		spawn_thread(housekeeping, NULL);
		mark("ready", "");
	}
	for (;;) {
		/* The call for which it was started may come before the answer to its own. */
		bus_receive(&bus, &call);
		if (call.type != BUS_CALL)
			continue;
		job(call.text);
		bus_send(&bus, BUS_RETURN, call.sender, NULL, NULL, call.serial, call.text);
		if (only)
			_exit(0);
	}
}

static void over_bus(int listener)
{
	(void)listener;
	start_bus();
	serve_bus(BUS_SERVICE, NULL);
}

/* The bus starts a service for each request. */
static void activated(int listener)
{
	(void)listener;
	start_bus();
	mark("ready", "");
	housekeeping(NULL);
}

static void describe_service(const char *name, const char *cookie)
{
	char path[96], text[1024], program[256] = {0}, folder[256];

	CHECK(readlink("/proc/self/exe", program, sizeof(program) - 1));
	if (!getcwd(folder, sizeof(folder)))
		fail("getcwd");
	snprintf(text, sizeof(text), "[D-BUS Service]\nName=%s\nExec=%s service %s %s\n", name, program, folder, cookie);
	snprintf(path, sizeof(path), "services/%s.service", name);
	write_text(path, text);
}

/* The bus looks at all descriptions again after each change. */
static void forget_service(const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "services/%s.service", name);
	CHECK(unlink(path));
}

static void ask_over_bus(const char *prefix, int count, bool is_activating)
{
	struct bus bus;

	bus_connect(&bus);
	for (int i = 0; i < count; i++) {
		char cookie[COOKIE], name[48] = BUS_SERVICE;
		struct bus_in answer;

		snprintf(cookie, sizeof(cookie), "%s.%d", prefix, i);
		if (is_activating) {
			snprintf(name, sizeof(name), "eb.%s.r%d", prefix, i);
			describe_service(name, cookie);
		}
		bus_ask(&bus, name, BUS_SERVICE, "Work", cookie, &answer);
		if (strcmp(answer.text, cookie))
			fail("reply");
		if (is_activating)
			forget_service(name);
		doze(500);
	}
}

static void put_in_pieces(int fd, const char *cookie)
{
	for (int at = 0; at < COOKIE; at += 11) {
		int size = COOKIE - at < 11 ? COOKIE - at : 11;

		if (write(fd, cookie + at, size) != size)
			fail("request");
		doze(100);
	}
}

/* --- clients ---------------------------------------------------------------------------------------------------------- */

static void pipeline(const char *prefix, int count)
{
	int fd = connect_to("server.sock");

	for (int done = 0, size; done < count; done += size) {
		char cookies[PIPELINED][COOKIE] = {{0}}, reply[COOKIE];

		size = count - done < PIPELINED ? count - done : PIPELINED;
		for (int i = 0; i < size; i++)
			snprintf(cookies[i], COOKIE, "%s.%d", prefix, done + i);
		if (write(fd, cookies, size * COOKIE) != size * COOKIE)
			fail("requests");
		for (int i = 0; i < size; i++)
			if (!get(fd, reply) || strcmp(cookies[i], reply))
				fail("reply");
		doze(500);
	}
}

static void client(const char *prefix, int count, const char *connections)
{
	int fd = -1;

	if (!strcmp(connections, "signals")) {
		send_signals(prefix, count);
		return;
	}
	if (!strcmp(connections, "bus") || !strcmp(connections, "activating")) {
		ask_over_bus(prefix, count, connections[0] == 'a');
		return;
	}
	if (!strcmp(connections, "pipelined")) {
		pipeline(prefix, count);
		return;
	}
	for (int i = 0; i < count; i++) {
		char cookie[COOKIE] = {0}, reply[COOKIE];

		snprintf(cookie, sizeof(cookie), "%s.%d", prefix, i);
		if (fd < 0)
			fd = connect_to("server.sock");
		if (!strcmp(connections, "pieces"))
			put_in_pieces(fd, cookie);
		else
			put(fd, cookie);
		if (!get(fd, reply) || strcmp(cookie, reply))
			fail("reply");
		if (!strcmp(connections, "each"))
			close(fd);
		if (strcmp(connections, "one") && strcmp(connections, "pieces"))
			fd = -1;
		doze(500);
	}
}

static const struct server {
	const char *kind;
	void (*serve)(int listener);
} servers[] = {
	{"tpc", tpc},
	{"prefork", prefork},
	{"fork", forking},
	{"loop", event_loop},
	{"pool", pool},
	{"poolread", poolread},
	{"poolback", poolback},
	{"pipeq", pipeq},
	{"deferred", deferred},
	{"together", together},
	{"held", together},
	{"mux", mux},
	{"shim", shim},
	{"proxy", proxy},
	{"shmq", shmq},
	{"pipelined", pipelined},
	{"relay", relay},
	{"goroutine", goroutine_server},
	{"handover", handover},
	{"stages", stages},
	{"oneshot", oneshot},
	{"pieces", pieces},
	{"signalled", signalled},
	{"dbus", over_bus},
	{"activated", activated},
};

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	kind = argv[1];
	CHECK(chdir(argv[2]));
	signal(SIGPIPE, SIG_IGN);
	CHECK(sigaction(SIGRTMIN, &(struct sigaction){.sa_sigaction = serve_signal, .sa_flags = SA_SIGINFO}, NULL));
	if (!strcmp(kind, "client") && argc == 6) {
		become("eb-client");
		client(argv[3], atoi(argv[4]), argv[5]);
		return 0;
	}
	if (!strcmp(kind, "service")) {
		char name[48], *dot = strchr(argv[3], '.');

		become("eb-service");
		snprintf(name, sizeof(name), "eb.%.*s.r%s", (int)(dot - argv[3]), argv[3], dot + 1);
		serve_bus(name, argv[3]);
	}
	become("eb-server");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	workers = atoi(argv[3]);
	for (unsigned i = 0; i < sizeof(servers) / sizeof(*servers); i++)
		if (!strcmp(servers[i].kind, kind)) {
			int listener = listen_at("server.sock");
			char pid[12];

			snprintf(pid, sizeof(pid), "%d", getpid());
			CHECK(symlink(pid, "pid"));
			if (servers[i].serve != relay && servers[i].serve != over_bus && servers[i].serve != activated)
				mark("ready", "");
			servers[i].serve(listener);
		}
	return 2;
}
