// SPDX-License-Identifier: GPL-2.0
// What the daemons do that got something of a followed command's: the steps of their threads, for the model to say whose they
// are. Loaded only while something is followed. A bystander pays for reads and writes alone, with one look at a bit.
#include "lib/client.bpf.h"
#include "lib/calls.bpf.h"
#include "lib/follow.bpf.h"
#include "lib/message.bpf.h"
#include "lib/process.bpf.h"
#include "lib/tracepoint.bpf.h"
#include "lib/wanted.bpf.h"

#define FUTEX_CMD_MASK 127
#define FUTEX_WAIT_BITSET 9
#define FOLLOW_MSG_PEEK 2

enum follow_class {
	FOLLOW_NOTHING,
	FOLLOW_READS,
	FOLLOW_WRITES,
	FOLLOW_OPENS,
	FOLLOW_ACCEPTS,
	FOLLOW_WAITS,
	FOLLOW_COPIES, /* from one descriptor to another */
};

static __always_inline bool is_wait(struct pt_regs *regs, long nr)
{
	if (nr == NR_FUTEX)
		return (native_argument(regs, 1) & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
	return nr == NR_EPOLL_WAIT || nr == NR_EPOLL_PWAIT || nr == NR_EPOLL_PWAIT2 || nr == NR_POLL || nr == NR_PPOLL ||
	       nr == NR_SELECT || nr == NR_PSELECT6;
}

static __always_inline enum follow_class follow_class(struct pt_regs *regs, long nr)
{
	switch (class_of(WIRE_ABI_NATIVE, nr)) {
	case CALL_READ:
		return FOLLOW_READS;
	case CALL_RECEIVE:
		return native_argument(regs, 3) & FOLLOW_MSG_PEEK ? FOLLOW_NOTHING : FOLLOW_READS;
	case CALL_RECEIVE_MESSAGE:
		return native_argument(regs, 2) & FOLLOW_MSG_PEEK ? FOLLOW_NOTHING : FOLLOW_READS;
	case CALL_WRITE:
	case CALL_SEND:
	case CALL_SEND_MESSAGE:
		return FOLLOW_WRITES;
	case CALL_OPEN:
		return FOLLOW_OPENS;
	case CALL_NEW:
		return FOLLOW_ACCEPTS;
	case CALL_SYSV:
		return FOLLOW_WAITS;
	case CALL_SENDFILE:
	case CALL_SPLICE:
		return FOLLOW_COPIES;
	case CALL_OTHER:
		return is_wait(regs, nr) ? FOLLOW_WAITS : FOLLOW_NOTHING;
	default:
		return FOLLOW_NOTHING;
	}
}

/* NULL: it is none, or the pid has another holder by now. */
static __always_inline struct followed_process *followed_of(struct task_struct *task)
{
	__u32 pid = task->tgid;
	struct followed_process *process = bpf_map_lookup_elem(&followed, &pid);

	return process && process->start == process_start(task) ? process : NULL;
}

/* Those who are followed are wanted too. */
static __always_inline bool is_of_command(__u32 pid)
{
	return bpf_map_lookup_elem(&wanted, &pid) && !bpf_map_lookup_elem(&followed, &pid);
}

static __always_inline struct follow_thread *thread_of(__u32 tid)
{
	struct follow_thread *thread = bpf_map_lookup_elem(&follow_threads, &tid), none = {};

	if (thread)
		return thread;
	bpf_map_update_elem(&follow_threads, &tid, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&follow_threads, &tid);
}

static __always_inline bool is_in_budget(struct followed_process *process)
{
	__u64 second = bpf_ktime_get_boot_ns() >> NS_PER_SECOND_SHIFT;

	if (process->second != second) {
		process->second = second;
		process->steps = 0;
	}
	if (__sync_fetch_and_add(&process->steps, 1) < follow_budget)
		return true;
	__sync_fetch_and_add(&process->dropped, 1);
	__sync_fetch_and_add(&overflow[TABLE_FOLLOW_STEP], 1);
	return false;
}

static __always_inline struct wire_step *begin_step(struct task_struct *task, __u8 kind)
{
	struct wire_step *step = ring_reserve(PROBE_FOLLOW, WIRE_STEP, sizeof(*step), task->tgid, process_start(task));

	if (!step)
		return NULL;
	clear_body(step);
	step->tid = task->pid;
	step->kind = kind;
	return step;
}

/* NULL where there is no room, or the budget of `process` (NULL: it has none) is used up. */
static __always_inline struct wire_step *next_step(struct task_struct *task, struct followed_process *process, __u8 kind)
{
	struct wire_step *step;

	if (process) {
		if (!is_in_budget(process))
			return NULL;
		if (process->dropped) {
			step = begin_step(task, WIRE_STEP_REDUCED);
			if (step) {
				step->bytes = __sync_fetch_and_and(&process->dropped, 0);
				ring_submit(step);
			}
		}
	}
	return begin_step(task, kind);
}

static __always_inline bool is_open(struct followed_process *process)
{
	return process->open_until > bpf_ktime_get_boot_ns();
}

/* From now on the current process is followed, and wanted like those of the command. */
static __noinline struct followed_process *involve(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct followed_process value = {.start = process_start(task)};
	__u32 pid = task->tgid;

	if (bpf_map_update_elem(&followed, &pid, &value, BPF_ANY) || !admit_or_count(task)) {
		bpf_map_delete_elem(&followed, &pid);
		__sync_fetch_and_add(&overflow[TABLE_FOLLOWED], 1);
		return NULL;
	}
	send_process(untrusted(struct task_struct, task)->group_leader, PROBE_FOLLOW, WIRE_PROCESS, 0);
	return bpf_map_lookup_elem(&followed, &pid);
}

static __always_inline bool is_known_stream(__u64 stream)
{
	__u64 hash = follow_hash(stream, 0);

	return follow_bits[hash / 64 % (FOLLOW_BITS / 64)] >> (hash & 63) & 1;
}

static __always_inline struct follow_stream *stream_of(struct follow_end *end)
{
	struct follow_stream *stream;

	if (!is_known_stream(end->stream))
		return NULL;
	stream = bpf_map_lookup_elem(&follow_streams, &end->stream);
	if (!stream || (end->ino && stream->ino != end->ino))
		return NULL;
	return stream;
}

static __noinline struct follow_stream *add_stream(struct follow_end *end, bool is_ours)
{
	struct follow_stream stream = {};
	__u64 hash;

	if (!end)
		return NULL;
	hash = follow_hash(end->stream, 0);
	stream.ino = end->ino;
	stream.is_ours = is_ours;
	stream.votes = end->has_backlog ? 0 : FOLLOW_SURE;
	if (!bpf_map_update_elem(&follow_streams, &end->stream, &stream, BPF_NOEXIST))
		__sync_fetch_and_add(&table_used[TABLE_FOLLOW_STREAM], 1);
	else
		bpf_map_update_elem(&follow_streams, &end->stream, &stream, BPF_EXIST);
	__sync_fetch_and_or(&follow_bits[hash / 64 % (FOLLOW_BITS / 64)], 1ull << (hash & 63));
	return bpf_map_lookup_elem(&follow_streams, &end->stream);
}

static __always_inline void vote(struct follow_stream *stream, __s64 lead)
{
	if (lead == stream->lead) {
		if (stream->votes < FOLLOW_MOST_VOTES)
			stream->votes++;
	} else if (stream->votes > 0) {
		stream->votes--;
	} else {
		stream->lead = lead;
		stream->votes = 1;
	}
}

/* The place of the first byte that moved. */
static __always_inline __u64 move_on(struct follow_end *end, struct follow_stream *stream, __u64 bytes)
{
	__u64 before;

	if (end->is_tcp)
		return (__u32)(end->position - bytes);
	if (end->is_write)
		return __sync_fetch_and_add(&stream->written, bytes);
	before = __sync_fetch_and_add(&stream->read, bytes);
	if (!end->has_backlog)
		vote(stream, before + bytes - stream->written);
	return before - stream->lead;
}

/* Only this leaves the kernel of what was said. */
__weak __noinline __u32 mark_of(struct follow_end *end, __u64 bytes)
{
	__u64 words[4] = {}, buffer[2] = {}, hash = 1;
	__u32 len = bytes < sizeof(words) ? bytes : sizeof(words);

	if (!end)
		return 0;
	buffer[0] = end->buffer;
	if (end->is_vector) {
		if (bpf_probe_read_user(buffer, sizeof(buffer), (void *)end->buffer) || buffer[1] < len)
			return 0;
	}
	barrier_var(len);
	if (len > sizeof(words) || bpf_probe_read_user(words, len, (void *)buffer[0]))
		return 0;
	for (int i = 0; i < 4; i++)
		hash = follow_hash(words[i], hash);
	return (__u32)hash | 1;
}

static __always_inline void send_move(struct task_struct *task, struct followed_process *process, struct follow_end *end,
				      struct follow_stream *stream, __u64 position, __u64 bytes, __u32 open)
{
	struct wire_step *step = next_step(task, process, end->is_write ? WIRE_STEP_WRITE : WIRE_STEP_READ);

	if (!step)
		return;
	step->mark = mark_of(end, bytes);
	step->flags = (end->is_accepted ? WIRE_STEP_ACCEPTED : 0) | (end->is_tcp ? WIRE_STEP_TCP : 0) |
		      (stream && !end->is_tcp && stream->votes < FOLLOW_SURE ? WIRE_STEP_UNSURE : 0);
	step->open = open;
	step->object = stream || end->is_tcp ? end->stream : 0;
	step->socket = end->sk;
	step->position = position;
	step->bytes = bytes;
	ring_submit(step);
}

/* What the command and its descendants say makes whoever hears it one that is followed. */
static __always_inline void command_moved(struct task_struct *task, struct follow_end *end, __u64 bytes)
{
	struct follow_stream *stream = stream_of(end);

	if (!stream) {
		__u64 ino = end->own_ino;

		if (!end->is_write || (ino && bpf_map_lookup_elem(&follow_inherited, &ino)))
			return;
		stream = add_stream(end, true);
		if (!stream)
			return;
	}
	if (end->is_write)
		stream->is_ours = true;
	send_move(task, NULL, end, stream, move_on(end, stream, bytes), bytes, 0);
}

/* A request came over a connection. Returns how many others the thread has read that are not answered. */
static __always_inline __u32 ask(struct task_struct *task, struct followed_process *process, struct follow_thread *thread,
				 __u64 sk, bool is_ours)
{
	struct follow_request *known = bpf_map_lookup_elem(&follow_requests, &sk);
	struct follow_request request = {.tid = task->pid, .pid = task->tgid, .is_ours = is_ours};
	__s32 open;

	if (known && known->pid == task->tgid) {
		open = thread->open - (known->tid == task->pid);
	} else {
		bpf_map_update_elem(&follow_requests, &sk, &request, BPF_ANY);
		open = __sync_fetch_and_add(&thread->open, 1);
		if (is_ours)
			__sync_fetch_and_add(&process->requests, 1);
	}
	return open > 0 ? open : 0;
}

/* True where it was somebody else's. */
static __always_inline bool answer(struct followed_process *process, __u64 sk)
{
	struct follow_request *known = bpf_map_lookup_elem(&follow_requests, &sk);
	struct follow_thread *reader;
	bool is_ours;
	__u32 tid;

	if (!known)
		return false;
	tid = known->tid;
	is_ours = known->is_ours;
	if (bpf_map_delete_elem(&follow_requests, &sk))
		return !is_ours;
	reader = bpf_map_lookup_elem(&follow_threads, &tid);
	if (reader)
		__sync_fetch_and_add(&reader->open, -1);
	if (is_ours && __sync_fetch_and_add(&process->requests, -1) <= 1)
		process->open_until = bpf_ktime_get_boot_ns() + FOLLOW_LINGER_NS;
	return !is_ours;
}

static __always_inline void daemon_read(struct task_struct *task, struct followed_process *process,
					struct follow_thread *thread, struct follow_end *end, __u64 bytes)
{
	struct follow_stream *stream = stream_of(end);
	__u64 position = stream || end->is_tcp ? move_on(end, stream, bytes) : 0;
	bool is_ours = stream && stream->is_ours;
	__u32 open = 0;

	if (end->is_accepted)
		open = ask(task, process, thread, end->sk, is_ours);
	if (is_ours) {
		process->open_until = bpf_ktime_get_boot_ns() + FOLLOW_OPEN_NS;
		thread->tag = FOLLOW_OURS;
		thread->is_quiet = false;
	} else {
		bool was_told = thread->is_quiet;

		thread->tag = end->is_accepted ? FOLLOW_OTHERS : FOLLOW_UNKNOWN;
		thread->is_quiet = end->is_accepted && is_open(process);
		if (!is_open(process) || (was_told && end->is_accepted))
			return;
	}
	send_move(task, process, end, stream, position, bytes, open);
}

static __always_inline void daemon_wrote(struct task_struct *task, struct followed_process *process,
					 struct follow_thread *thread, struct follow_end *end, __u64 bytes)
{
	struct follow_stream *stream = stream_of(end);
	bool is_for_others = thread->tag == FOLLOW_OTHERS, was_open = is_open(process), is_ours, is_answer;
	__u64 position;

	is_ours = was_open && (end->is_accepted ? thread->tag == FOLLOW_OURS : !is_for_others);
	is_answer = end->is_accepted && answer(process, end->sk); /* to somebody else */
	is_ours &= !is_answer;
	if (!stream && was_open && !is_for_others && !is_answer)
		stream = add_stream(end, is_ours);
	if (stream && is_ours)
		stream->is_ours = true;
	position = stream || end->is_tcp ? move_on(end, stream, bytes) : 0;
	if (was_open && (!is_for_others || !thread->is_quiet || (!end->is_accepted && stream)))
		send_move(task, process, end, stream, position, bytes, 0);
}

/* Most of all calls on a busy machine come here, and most go at once. */
__weak __noinline int stream_moved(struct follow_end *end, __u64 bytes)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct followed_process *process;
	struct follow_thread *thread;
	struct follow_stream *stream;

	if (!end)
		return 0;
	process = followed_of(task);
	if (!process) {
		if (is_wanted(task->tgid)) {
			command_moved(task, end, bytes);
			return 0;
		}
		stream = stream_of(end);
		if (!stream)
			return 0;
		if (end->is_write || !stream->is_ours) {
			if (!end->is_tcp)
				move_on(end, stream, bytes);
			return 0;
		}
		process = involve();
		if (!process)
			return 0;
	}
	thread = thread_of(task->pid);
	if (!thread)
		return 0;
	if (end->is_tcp)
		end->is_accepted = is_tcp_accepted((struct sock *)end->sk);
	if (end->is_write)
		daemon_wrote(task, process, thread, end, bytes);
	else
		daemon_read(task, process, thread, end, bytes);
	return 0;
}

/* The process and the thread that are current, where it is a daemon whose steps are wanted now. */
static __always_inline struct followed_process *open_daemon(struct task_struct *task, struct follow_thread **thread)
{
	struct followed_process *process = followed_of(task);

	if (!process || !is_open(process))
		return NULL;
	*thread = thread_of(task->pid);
	return *thread ? process : NULL;
}

__weak __noinline int file_moved(__u64 address, __u64 bytes, __u32 kind)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct followed_process *process;
	struct follow_thread *thread;
	struct identity identity;
	struct wire_step *step;

	process = open_daemon(task, &thread);
	if (!process)
		return 0;
	identify((struct file *)address, &identity, false);
	if ((identity.mode & S_IFMT) == S_IFREG) {
		if (thread->tag == FOLLOW_OTHERS)
			return 0;
	} else {
		if (identity.gen != EVENTFD_GENERATION || kind == WIRE_STEP_OPEN)
			return 0;
		kind = kind == WIRE_STEP_FILE_READ ? WIRE_STEP_COUNTER_READ : WIRE_STEP_COUNTER_WRITE;
		if (kind == WIRE_STEP_COUNTER_READ) {
			thread->tag = FOLLOW_UNKNOWN;
			thread->is_quiet = false;
		}
	}
	step = next_step(task, process, kind);
	if (!step)
		return 0;
	step->object = identity.ino;
	step->dev = identity.dev;
	step->gen = identity.gen;
	step->bytes = bytes;
	ring_submit(step);
	return 0;
}

enum follow_direction {
	FOLLOW_IN,
	FOLLOW_OUT,
	FOLLOW_VECTOR = 2, /* besides */
};

__weak __noinline int follow_transfer(__u32 fd, __u64 bytes, __u32 direction, __u64 buffer)
{
	struct file *file = file_of(bpf_get_current_task_btf(), fd);
	bool is_write = direction & FOLLOW_OUT;
	struct follow_end end = {.is_write = is_write, .buffer = buffer, .is_vector = direction & FOLLOW_VECTOR};
	struct inode *inode;
	__u64 address;
	__u16 format;

	if (!file || !bytes)
		return 0;
	address = peek_address(struct file, file, f_inode);
	inode = (void *)address;
	format = peek(struct inode, inode, i_mode) & S_IFMT;
	if (format == S_IFSOCK) {
		__u64 sk = sock_of_file(file);

		if (sk && follow_socket(&end, sk))
			stream_moved(&end, bytes);
	} else if (format == S_IFIFO) {
		struct pipe_inode_info *pipe = peek(struct inode, inode, i_pipe);

		end.ino = end.own_ino = peek(struct inode, inode, i_ino);
		end.stream = address;
		end.has_backlog = BPF_CORE_READ(pipe, head) - BPF_CORE_READ(pipe, tail) > is_write;
		stream_moved(&end, bytes);
	} else if (format == S_IFREG || !format) {
		file_moved((__u64)file, bytes, is_write ? WIRE_STEP_FILE_WRITE : WIRE_STEP_FILE_READ);
	}
	return 0;
}

static __always_inline void follow_opened(__u32 fd)
{
	struct file *file = file_of(bpf_get_current_task_btf(), fd);

	if (file)
		file_moved((__u64)file, 0, WIRE_STEP_OPEN);
}

/* Whether who connected is of ours; then `end` has the stream from there. */
static __always_inline bool is_our_client(struct follow_end *end, struct sock *sk)
{
	struct task_struct *client;
	struct follow_stream *stream;
	__u32 pid;

	if (end->is_tcp) {
		stream = stream_of(end);
		return stream && stream->is_ours;
	}
	client = client_of(sk, (struct sock *)end->stream);
	if (!client)
		return false;
	pid = peek(struct task_struct, client, tgid);
	return is_of_command(pid);
}

__weak __noinline int follow_accepted(__u32 fd)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct file *file = file_of(task, fd);
	struct follow_end end = {};
	struct followed_process *process;
	struct follow_thread *thread;
	struct wire_step *step;
	bool is_ours;
	__u64 sk;

	if (!file)
		return 0;
	sk = sock_of_file(file);
	if (!sk || !follow_socket(&end, sk))
		return 0;
	is_ours = is_our_client(&end, (struct sock *)sk);
	process = followed_of(task);
	if (!process) {
		if (!is_ours || is_wanted(task->tgid))
			return 0;
		process = involve();
	}
	if (!process || (!is_ours && !is_open(process)))
		return 0;
	thread = thread_of(task->pid);
	if (!thread)
		return 0;
	thread->tag = is_ours ? FOLLOW_OURS : FOLLOW_OTHERS;
	thread->is_quiet = false;
	if (is_ours)
		process->open_until = bpf_ktime_get_boot_ns() + FOLLOW_OPEN_NS;
	step = next_step(task, process, WIRE_STEP_ACCEPT);
	if (!step)
		return 0;
	step->flags = WIRE_STEP_ACCEPTED | (end.is_tcp ? WIRE_STEP_TCP : 0);
	step->object = is_ours ? end.stream : 0;
	step->socket = end.sk;
	ring_submit(step);
	return 0;
}

static __always_inline void follow_waited(struct task_struct *task)
{
	struct followed_process *process;
	struct follow_thread *thread;
	struct wire_step *step;

	process = open_daemon(task, &thread);
	if (!process || thread->is_quiet)
		return;
	step = next_step(task, process, WIRE_STEP_WAIT);
	if (step)
		ring_submit(step);
}

/* Where the bytes of the call lie. */
static __always_inline __u32 find_buffer(struct pt_regs *regs, long nr, __u64 *buffer)
{
	*buffer = native_argument(regs, 1);
	if (nr == NR_READV || nr == NR_WRITEV)
		return FOLLOW_VECTOR;
	if (nr != NR_SENDMSG && nr != NR_RECVMSG)
		return 0;
	if (bpf_probe_read_user(buffer, sizeof(*buffer), (void *)*buffer + __builtin_offsetof(struct message_header, pieces)))
		*buffer = 0;
	return FOLLOW_VECTOR;
}

static __noinline int follow_call(struct pt_regs *regs, long ret, __u32 class)
{
	__u32 first = native_argument(regs, 0), second = native_argument(regs, 1), vector;
	long nr = call_number(regs);
	__u64 buffer;

	switch (class) {
	case FOLLOW_READS:
	case FOLLOW_WRITES:
		vector = find_buffer(regs, nr, &buffer);
		follow_transfer(first, ret, vector | (class == FOLLOW_WRITES ? FOLLOW_OUT : FOLLOW_IN), buffer);
		break;
	case FOLLOW_COPIES:
		if (class_of(WIRE_ABI_NATIVE, nr) == CALL_SENDFILE) {
			follow_transfer(second, ret, FOLLOW_IN, 0);
			follow_transfer(first, ret, FOLLOW_OUT, 0);
		} else {
			follow_transfer(first, ret, FOLLOW_IN, 0);
			follow_transfer(native_argument(regs, 2), ret, FOLLOW_OUT, 0);
		}
		break;
	case FOLLOW_OPENS:
		follow_opened(ret);
		break;
	case FOLLOW_ACCEPTS:
		follow_accepted(ret);
		break;
	case FOLLOW_WAITS:
		follow_waited(bpf_get_current_task_btf());
		break;
	}
	return 0;
}

SYS_EXIT_PROG(ebtop_follow)
{
	struct task_struct *task = bpf_get_current_task_btf();
	long nr = call_number(regs);
	enum follow_class class;

	if (nr < 0 || nr >= WIRE_CALL_NUMBERS || is_compat_call(task))
		return 0;
	class = follow_class(regs, nr);
	if (class == FOLLOW_NOTHING || (ret < 0 && class != FOLLOW_WAITS))
		return 0;
	return follow_call(regs, ret, class);
}

/* A child of a daemon is followed as well; of the command it is so by being wanted. */
static __always_inline void follow_born(struct task_struct *parent, struct task_struct *child)
{
	struct followed_process *process = followed_of(parent), value = {};
	__u32 tid = child->pid, pid = child->tgid, parent_tid = parent->pid;
	struct follow_thread *thread, born = {};
	struct wire_step *step;
	bool is_told;

	if (!process)
		return;
	thread = bpf_map_lookup_elem(&follow_threads, &parent_tid);
	is_told = is_open(process) && !(thread && thread->tag == FOLLOW_OTHERS);
	if (thread)
		born.tag = thread->tag;
	bpf_map_update_elem(&follow_threads, &tid, &born, BPF_ANY);
	if (tid == pid) {
		value.start = process_start(child);
		value.open_until = is_told ? process->open_until : 0;
		if (bpf_map_update_elem(&followed, &pid, &value, BPF_ANY)) {
			__sync_fetch_and_add(&overflow[TABLE_FOLLOWED], 1);
			dismiss(pid);
			return;
		}
	}
	step = is_told ? next_step(parent, process, WIRE_STEP_CHILD) : NULL;
	if (!step)
		return;
	step->child_tid = tid;
	step->child_pid = pid;
	ring_submit(step);
}

SEC("two_forms/sched/sched_process_fork")
int ebtop_born(void *ctx)
{
	struct task_struct *child;

	if (!by_perf) {
		follow_born((struct task_struct *)btf_argument(ctx, 0), (struct task_struct *)btf_argument(ctx, 1));
		return 0;
	}
	child = bpf_task_from_pid(event_field(ctx, sched_process_fork, child_pid));
	if (!child) {
		count_lost(PROBE_FOLLOW);
		return 0;
	}
	follow_born(bpf_get_current_task_btf(), child);
	bpf_task_release(child);
	return 0;
}

/* The command's connection is known before the other side can accept it. The port is chosen after SYN_SENT. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(ebtop_joined, struct sock *sk, int from, int to)
{
	struct follow_request owner = {};
	struct follow_end end = {.is_write = true, .is_tcp = true};
	__u64 key = (__u64)sk;
	__u32 pid;

	if (peek(struct sock, sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	if (to == WIRE_TCP_STATE_SYN_SENT) {
		pid = bpf_get_current_pid_tgid() >> 32;
		if (is_of_command(pid))
			bpf_map_update_elem(&follow_requests, &key, &owner, BPF_ANY);
	} else if (from == WIRE_TCP_STATE_SYN_SENT && !bpf_map_delete_elem(&follow_requests, &key) &&
		   to == WIRE_TCP_STATE_ESTABLISHED) {
		end.stream = tcp_stream(sk, true);
		add_stream(&end, true);
	}
	return 0;
}
