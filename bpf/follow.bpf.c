// SPDX-License-Identifier: GPL-2.0
// What daemons do after they got data from a followed command: the steps of their threads. The model decides for whom each
// step was taken. Loaded only while something is followed. Uninvolved processes only pay at reads and writes, for the test
// of one bit.
#include "lib/client.bpf.h"
#include "lib/calls.bpf.h"
#include "lib/follow-request.bpf.h"
#include "lib/message.bpf.h"
#include "lib/tracepoint.bpf.h"

#define FUTEX_CMD_MASK 127
#define FUTEX_WAIT_BITSET 9
#define FOLLOW_MSG_PEEK 2
#define FOLLOW_O_NONBLOCK 04000

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

/* Whether the process that connected belongs to the command; then `end` has the stream from it. */
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

/* A thread that accepts without waiting may have read requests before that were not reported, and may answer them
 * together. */
static __always_inline bool may_serve_others(struct task_struct *task, __u32 listener)
{
	struct file *file = file_of(task, listener);

	return file && peek(struct file, file, f_flags) & FOLLOW_O_NONBLOCK;
}

__weak __noinline int follow_accepted(__u32 fd, __u32 listener)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct file *file = file_of(task, fd);
	struct follow_end end = {};
	struct followed_process *process;
	struct follow_thread *thread;
	struct wire_step *step;
	bool is_ours, is_shared = false;
	__u64 sk;

	if (!file)
		return 0;
	sk = sock_of_file(file);
	if (!sk || !follow_socket(&end, sk))
		return 0;
	is_ours = is_our_client(&end, (struct sock *)sk);
	process = followed_of(task);
	if (!process) {
		if (!is_ours || is_named(task->tgid))
			return 0;
		process = involve();
		is_shared = may_serve_others(task, listener);
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
	step->open = thread->open > 0 ? thread->open : is_shared;
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

/* Where the call's bytes are in user memory. */
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
		follow_accepted(ret, first);
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

/* A child of a daemon is followed as well. A child of the command is followed because it is wanted; in a session
 * narrowed to wanted processes, ebtop_fork adds it. */
static __always_inline void follow_born(struct task_struct *parent, struct task_struct *child)
{
	struct followed_process *process = followed_of(parent), value = {};
	__u32 tid = child->pid, pid = child->tgid, parent_tid = parent->pid;
	struct follow_thread *thread, born = {};
	struct wire_step *step;
	bool is_reported;

	if (!process) {
		if (!only_wanted && tid == pid && is_named(parent->tgid))
			admit_or_count(child);
		return;
	}
	thread = bpf_map_lookup_elem(&follow_threads, &parent_tid);
	is_reported = is_open(process) && !(thread && thread->tag == FOLLOW_OTHERS);
	if (thread)
		born.tag = thread->tag;
	keep_newest(&follow_threads, &tid, &born, TABLE_FOLLOW_THREAD);
	if (tid == pid) {
		value.start = process_start(child);
		value.open_until = is_reported ? process->open_until : 0;
		if (bpf_map_update_elem(&followed, &pid, &value, BPF_ANY)) {
			__sync_fetch_and_add(&overflow[TABLE_FOLLOWED], 1);
			dismiss(pid);
			return;
		}
	}
	step = is_reported ? next_step(parent, process, WIRE_STEP_CHILD) : NULL;
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

/* Remembers the command's connection before the other side can accept it. The port is chosen after SYN_SENT. */
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
			keep_newest(&follow_requests, &key, &owner, TABLE_FOLLOW_REQUEST);
	} else if (from == WIRE_TCP_STATE_SYN_SENT && remove_kept(&follow_requests, &key, TABLE_FOLLOW_REQUEST) &&
		   to == WIRE_TCP_STATE_ESTABLISHED) {
		end.stream = tcp_stream(sk, true);
		add_stream(&end, true);
	}
	return 0;
}
