/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The wire format: every record that leaves the kernel side, defined once.
 *
 * bpf/ and native/ compile this header; bpf/wire/generate.mjs turns the BTF that clang emits for it into
 * src/model/wire/layout.gen.ts. A batch is a plain concatenation of records. Each record starts with a
 * struct wire_head and is a multiple of 8 bytes long; a decoder may skip any type it does not know by head.size.
 *
 * Recordings contain batches, and are read by the names of fields, whatever their offsets
 * (src/model/feed/record-converter.ts). So a field that gets another width or meaning gets another name, and the number of
 * a type or of an enum is never reused. WIRE_VERSION grows only if that is not enough.
 *
 * Units: times are nanoseconds on CLOCK_BOOTTIME, sizes are bytes, addresses are in network order, ports in host order,
 * strings are raw bytes that user space must make safe before it shows them. Addresses are at multiples of 8, so that BPF
 * programs may compare 8 bytes at once.
 */
#ifndef EBTOP_WIRE_H
#define EBTOP_WIRE_H

#define WIRE_VERSION 1
#define WIRE_COMM_LEN 16
#define WIRE_NAME_LEN 24
#define WIRE_PATH_MAX 4096 /* longer paths are kept from their end, flag WIRE_TEXT_TRUNCATED */
#define WIRE_ARGS_CHUNK 4096
#define WIRE_ARGS_MAX (128 * 1024)
#define WIRE_DISK_NAME_LEN 32
#define WIRE_LATENCY_BUCKETS 40 /* bucket b counts calls of [2^b, 2^(b+1)) ns, the last one all longer ones */
#define WIRE_NO_SLOT 0xffffffffu
#define WIRE_CALL_NUMBERS 512 /* more than any kernel has: the newest call, listns, is 470 */
#define WIRE_NR_OTHER 1023    /* stands for all numbers beyond those, of which a process may use any */

enum wire_type {
	WIRE_NONE = 0,
	/* processes */
	WIRE_PROCESS = 1,	/* struct wire_process: state as an iterator saw it */
	WIRE_FORK = 2,		/* struct wire_process: a new process; head is the child */
	WIRE_EXEC = 3,		/* struct wire_exec + file name as passed */
	WIRE_EXEC_FAILED = 4,	/* struct wire_exec + file name as passed, and argv, NUL separated; error is set */
	WIRE_EXE = 5,		/* struct wire_text: path of the executable */
	WIRE_ARGS = 6,		/* struct wire_text: a chunk of argv, NUL separated */
	WIRE_EXIT = 7,		/* struct wire_exit */
	WIRE_OOM = 8,		/* struct wire_oom: head is the victim */
	WIRE_SIGNAL = 9,	/* struct wire_signal: head is the sender */
	WIRE_CALL_EVENT = 10,	/* struct wire_call_event + names: a system call that is an event */
	WIRE_DISK_REQUEST = 11, /* struct wire_disk_request */
	/* counters, cumulative since attach */
	WIRE_SYSCALL = 16,  /* struct wire_syscall */
	WIRE_LATENCY = 17,  /* struct wire_latency */
	WIRE_SPILL = 18,    /* struct wire_spill: what found no room in a full table */
	WIRE_SAMPLE = 19,   /* struct wire_sample: the call that a process was found in */
	WIRE_DISK = 20,	    /* struct wire_disk */
	WIRE_DISK_SUM = 21, /* struct wire_disk_sum: from a source that does not know devices */
	WIRE_SCHED = 22,    /* struct wire_sched */
	WIRE_WAKE = 23,	    /* struct wire_wake: since the last record, not since attach */
	/* states */
	WIRE_THREAD = 24, /* struct wire_thread + where in the kernel it waits, if not in a call */
	/* things with a file descriptor */
	WIRE_OBJECT = 32,   /* struct wire_object + name */
	WIRE_IO = 33,	    /* struct wire_io */
	WIRE_TCP = 34,	    /* struct wire_tcp */
	WIRE_FD_PASS = 35,  /* struct wire_fd_pass + name */
	WIRE_POSITION = 36, /* struct wire_position */
	WIRE_STEP = 37,	    /* struct wire_step */
	/* the machine and the program itself */
	WIRE_SYSTEM = 48,  /* struct wire_system */
	WIRE_PROBE = 49,   /* struct wire_probe + reason */
	WIRE_MAP = 50,	   /* struct wire_map */
	WIRE_NAME = 51,	   /* struct wire_name + text: user, cgroup, container */
	WIRE_PASS = 52,	   /* struct wire_pass: begin or end of a full pass of an iterator */
	WIRE_TICK = 53,	   /* struct wire_tick: end of a refresh, a snapshot may be taken */
	WIRE_NETWORK = 54, /* struct wire_network: the pass over TCP has read a network namespace */
};

/* An identity of 64 bits: TypeScript reads it as two words, since a double is not exact above 2^53. A plain __u64 is a
 * quantity. */
typedef __u64 wire_id;

/* Common start of all records. pid is the tgid (what users call PID); start is the group leader's start time, so that
 * (pid, start) identifies one process. Both are 0 if a record concerns no process. */
struct wire_head {
	__u16 type;
	__u16 size; /* of the whole record, this header and padding included */
	__u32 pid;
	wire_id start;
	__u64 time;
};

enum wire_process_flag {
	WIRE_PROCESS_KTHREAD = 1,
	WIRE_PROCESS_FOREIGN = 2, /* not wanted (--pid, --comm): sent only as the other end of a link */
};

struct wire_process {
	struct wire_head head;
	__u32 ppid;
	__u32 threads;
	__u32 uid; /* effective */
	__u32 gid;
	char comm[WIRE_COMM_LEN];
	__u64 cpu_ns; /* all threads, dead ones included */
	__u64 rss_bytes;
	wire_id cgroup; /* id of the cgroup; its path comes in a WIRE_NAME */
	__u32 ns_user;
	__u32 ns_pid;
	__u32 ns_mnt;
	__u32 ns_net;
	__u32 ns_ipc;
	__u32 ns_uts;
	__u32 ns_cgroup;
	__u32 ns_tgid;	       /* its pid inside of its own pid namespace */
	__u8 state;	       /* as in /proc/PID/stat: R S D T t Z X I */
	__u8 seccomp;	       /* 0 disabled, 1 strict, 2 filter, 3 being killed by one */
	__u16 flags;	       /* enum wire_process_flag */
	__u32 holder;	       /* the user whose share of a full table it takes: see bpf/lib/holder.bpf.h */
	__u32 seccomp_filters; /* how many */
	__u32 starter;	       /* tgid of the process that forked it; 0: unknown, its parent may have adopted it */
};

struct wire_exec {
	struct wire_head head;
	__u32 ppid;
	__u32 uid;
	__u32 gid;
	__s32 error; /* 0, or -errno for WIRE_EXEC_FAILED */
	char comm[WIRE_COMM_LEN];
	__u16 name_len;	  /* bytes that follow */
	__u16 name_flags; /* enum wire_text_flag */
	__u32 reserved;
};

enum wire_text_flag {
	WIRE_TEXT_TRUNCATED = 1, /* more exists than was sent; for a path the end was kept */
	WIRE_TEXT_DELETED = 2,	 /* the path is unlinked; of a System V object: it is gone, key and owners are not known */
	WIRE_TEXT_PEER = 4,	 /* wire_object: the name is the peer's, this end has none */
	WIRE_TEXT_MORE_ARGS = 8, /* wire_exec: argv is longer than what was sent */
};

struct wire_text {
	struct wire_head head;
	__u32 offset; /* of this chunk in the command line */
	__u32 total;  /* length of the command line, as far as it is sent */
	__u32 len;    /* bytes that follow */
	__u32 flags;
};

enum wire_exit_flag {
	WIRE_EXIT_CORE = 1,
	WIRE_EXIT_OOM = 2,
};

struct wire_exit {
	struct wire_head head;
	__u32 ppid;
	__u32 uid;
	char comm[WIRE_COMM_LEN];
	__u64 duration_ns;
	__u64 cpu_ns;
	__u32 code;
	__u32 signal; /* 0, or the signal that killed it */
	__u32 flags;
	__u32 holder; /* as in wire_process */
};

struct wire_oom {
	struct wire_head head;
	__u32 trigger_pid;
	__s32 score_adjust; /* oom_score_adj */
	char trigger_comm[WIRE_COMM_LEN];
	__u64 rss_bytes;
	__u64 virtual_bytes;
	wire_id cgroup;	   /* the cgroup whose limit was hit, as in wire_process; 0: the whole machine, or a memory policy */
	__u64 limit_bytes; /* of that cgroup */
	__u64 usage_bytes;
};

enum wire_signal_end {
	WIRE_SIGNAL_SENDER = 1,
	WIRE_SIGNAL_TARGET = 2,
};

struct wire_signal {
	struct wire_head head;
	__u32 target_pid;
	__s32 code; /* si_code; > 0 means that the kernel sent it */
	wire_id target_start;
	__u16 signal;
	__u8 result; /* enum of trace/events/signal.h: 0 delivered, 1 ignored, 2 already pending, 3 4 overflow */
	__u8 reserved;
	__u32 foreign; /* enum wire_signal_end: which of the two are not wanted */
	char comm[WIRE_COMM_LEN];
	char target_comm[WIRE_COMM_LEN];
};

enum wire_event {
	WIRE_EVENT_NONE = 0,
	WIRE_EVENT_FILE_CREATE = 1,
	WIRE_EVENT_FILE_DELETE = 2,
	WIRE_EVENT_FILE_RENAME = 3,
	WIRE_EVENT_OPEN_FAILED = 4,
	WIRE_EVENT_STAT_FAILED = 5,
	WIRE_EVENT_CONNECT_FAILED = 6, /* the text is the address, a struct sockaddr */
	WIRE_EVENT_BIND = 7,	       /* the same; other is the port that the socket then has, 0 for unix sockets */
	WIRE_EVENT_MOUNT = 8,	       /* names: source, target */
	WIRE_EVENT_PTRACE = 9,	       /* flags is the request, other the pid of the process in the caller's pid namespace */
	WIRE_EVENT_BPF_LOAD = 10,      /* other is the type of the program; the one name is its name */
	WIRE_EVENT_SETUID = 11,	       /* flags and other are the effective user and group from then on */
	WIRE_EVENT_CAPSET = 12, /* flags and other are the low and the high word of the effective capabilities from then on */
	WIRE_EVENT_MODULE_LOAD = 13, /* not a call: the one name is the module's */
	WIRE_EVENT_SECCOMP_REFUSED =
		14, /* flags is the thread's seccomp mode, 3 if it is killed; other how many refusals it stands for */
	WIRE_EVENT_SLEEP = 15, /* took_ns and asked_ns; other is 1 if asked_ns is known; no text */
	WIRE_EVENT_LOOKUP =
		16, /* not a call: the one name is a host's; error is the result, with other 1 not 0 if there is none */
	WIRE_EVENT_DCACHE_MISS = 17, /* not a call: a name, with its directory as its file system sees it */
	WIRE_EVENT_OPEN = 18,	     /* other is the descriptor; took_ns is known with --latency */
	WIRE_EVENT_STAT = 19,	     /* the same, without a descriptor */
};

/* What a system call did or failed to do, sent at its exit. The text has two strings for each name passed to the call,
 * each followed by a NUL: the name, which another thread may have overwritten since, and the directory it is relative to,
 * empty if it begins with a slash. */
struct wire_call_event {
	struct wire_head head;
	__u32 event; /* enum wire_event */
	__s32 error; /* 0, or -errno */
	__u32 nr;
	__u32 abi;
	__u32 flags;	  /* the argument with flags, a mode or a command; 0 if there is none */
	__u16 name_len;	  /* bytes that follow */
	__u16 name_flags; /* enum wire_text_flag: of the directories */
	char comm[WIRE_COMM_LEN];
	__u32 other;	/* see enum wire_event */
	__u32 tid;	/* the thread that called; 0 in older recordings */
	__u64 took_ns;	/* how long it took; 0: not measured */
	__u64 asked_ns; /* how long it was to take */
};

enum wire_abi {
	WIRE_ABI_NATIVE = 0,
	WIRE_ABI_COMPAT = 1, /* 32-bit calls on a 64-bit kernel: other numbers */
};

struct wire_syscall {
	struct wire_head head;
	__u32 nr;
	__u32 abi;
	__u64 count;
	__u64 errors;
};

struct wire_latency {
	struct wire_head head;
	__u32 nr;
	__u32 abi;
	__u64 count; /* calls measured: those that began after attach */
	__u64 total_ns;
	__u64 max_ns;
	__u32 buckets[WIRE_LATENCY_BUCKETS];
};

enum wire_disk_operation {
	WIRE_DISK_READ = 0,
	WIRE_DISK_WRITE = 1,
	WIRE_DISK_DISCARD = 2,
	WIRE_DISK_FLUSH = 3, /* without data */
};

/* Completed requests to a block device. head is the process that made them, which need not be the one that dirtied the
 * data. */
struct wire_disk {
	struct wire_head head;
	wire_id cgroup; /* that a kernel thread writes for; 0: not known */
	__u32 for_pid;	/* without it: the process; 0: not known */
	__u32 reserved;
	char for_comm[WIRE_COMM_LEN];
	__u32 dev;
	__u32 operation; /* enum wire_disk_operation */
	char name[WIRE_DISK_NAME_LEN];
	__u64 count;
	__u64 bytes;
	__u64 queued_total_ns; /* from the request until the device got it */
	__u64 queued_max_ns;
	__u64 served_total_ns; /* from then to its completion */
	__u64 served_max_ns;
	__u32 queued_buckets[WIRE_LATENCY_BUCKETS];
	__u32 served_buckets[WIRE_LATENCY_BUCKETS];
};

/* One completed request, only with `--events disk`. head is as in wire_disk. */
struct wire_disk_request {
	struct wire_head head;
	wire_id cgroup; /* as in wire_disk */
	__u32 dev;
	__u32 operation; /* enum wire_disk_operation */
	__u64 sector;	 /* the first one, of 512 bytes */
	__u64 bytes;
	__u64 queued_ns;
	__u64 served_ns;
	__s32 error;   /* 0, -errno, or since 5.16 the kernel's blk_status_t */
	__u32 is_sent; /* to the device; if not, sector and queued_ns mean nothing */
	char name[WIRE_DISK_NAME_LEN];
};

/* What the threads of a process did on one CPU, finished turns only. */
struct wire_sched {
	struct wire_head head;
	__u64 run_ns;
	__u64 voluntary; /* switches to another thread: it went to sleep or gave the CPU away */
	__u64 involuntary;
	__u64 wait_total_ns; /* from when a thread could run until it did */
	__u64 wait_max_ns;
	__u32 wait_buckets[WIRE_LATENCY_BUCKETS];
	__u32 cpu;
	__u32 reserved;
};

/* How often threads of one process, or interrupts, woke threads of another one, which is head. */
struct wire_wake {
	struct wire_head head;
	wire_id waker_start;
	__u64 count; /* since the last record of the two */
	__u32 waker_pid;
	__u32 waker; /* enum wire_waker */
	char waker_comm[WIRE_COMM_LEN];
};

struct wire_disk_sum {
	struct wire_head head;
	__u64 read_bytes;
	__u64 write_bytes; /* that it made dirty: another process writes them */
};

/* Counts that found no room in a table, or that cannot be told apart. Without a process: for all processes that found no
 * room here either. */
struct wire_spill {
	struct wire_head head;
	__u64 calls;
	__u64 errors;
	__u64 reads;
	__u64 writes;
	__u64 read_bytes;
	__u64 write_bytes;
	__u64 disk_read_bytes;
	__u64 disk_write_bytes;
};

#define WIRE_NO_CALL 0xffffffffu

/* If calls cannot be counted: the call that the process was in when sampled. A newer one replaces it. */
struct wire_sample {
	struct wire_head head;
	__u32 nr; /* WIRE_NO_CALL: it ran, or waited for a page */
	__u32 abi;
	__u64 looks; /* consecutive samples that found it in this call */
};

enum wire_wait {
	WIRE_WAIT_PLAIN = 0,
	WIRE_WAIT_HOLDER = 1, /* for a lock that the thread `other_tid` holds */
	WIRE_WAIT_END = 2,    /* for the end of the thread `other_tid` */
};

/* A thread as it was found. head is its process; state X means that it is gone. */
struct wire_thread {
	struct wire_head head;
	wire_id born; /* its own start time: with tid it identifies one thread */
	__u64 cpu_ns;
	wire_id argument; /* the first of the call that it is in */
	wire_id second_argument;
	wire_id third_argument;
	wire_id ino; /* as in wire_object: the object of the first argument, if that is a descriptor */
	__u32 dev;
	__u32 gen;
	__u32 tid;
	__u32 ns_tid; /* its number in its own pid namespace */
	__u32 nr;     /* WIRE_NO_CALL: not in a call */
	__u32 abi;
	__u32 other_tid; /* see wait */
	__u32 other_pid;
	__u32 waker_pid; /* the process that woke it last; 0: not known */
	__u32 waker_tid;
	char waker_comm[WIRE_COMM_LEN];
	char comm[WIRE_COMM_LEN];
	__u8 state;	 /* as in wire_process */
	__u8 wait;	 /* enum wire_wait */
	__u8 has_object; /* ino, dev and gen are set */
	__u8 counted;	 /* enum wire_counted */
	__u16 wchan_len; /* bytes that follow: a function of the kernel */
	__u16 waker;	 /* enum wire_waker */
	__u64 wait_ns;	 /* since it began: runnable without a CPU */
	__u64 voluntary; /* switches to another thread */
	__u64 involuntary;
};

/* Which of the last fields of a thread are known. */
enum wire_counted {
	WIRE_COUNTED_NOTHING = 0,
	WIRE_COUNTED_WAITS = 1,
	WIRE_COUNTED_SWITCHES = 2, /* waits and switches */
};

enum wire_waker {
	WIRE_WAKER_UNKNOWN = 0,
	WIRE_WAKER_THREAD = 1,
	WIRE_WAKER_INTERRUPT = 2, /* a timer or a device */
	WIRE_WAKER_ENDING = 3,	  /* a thread that ends: of its process only the end is known */
};

enum wire_kind {
	WIRE_KIND_OTHER = 0,
	WIRE_KIND_REGULAR = 1,
	WIRE_KIND_DIRECTORY = 2,
	WIRE_KIND_CHAR = 3,
	WIRE_KIND_BLOCK = 4,
	WIRE_KIND_LINK = 5,
	WIRE_KIND_PIPE = 6,
	WIRE_KIND_FIFO = 7,
	WIRE_KIND_UNIX_STREAM = 8,
	WIRE_KIND_UNIX_DGRAM = 9,
	WIRE_KIND_UNIX_SEQPACKET = 10,
	WIRE_KIND_TCP = 11,
	WIRE_KIND_UDP = 12,
	WIRE_KIND_SOCKET = 13, /* any other socket */
	WIRE_KIND_EVENTFD = 14,
	WIRE_KIND_PTY = 15,
	WIRE_KIND_MEMFD = 16,
	WIRE_KIND_POSIX_SHM = 17,
	WIRE_KIND_POSIX_SEM = 18,
	WIRE_KIND_POSIX_MQ = 19,
	WIRE_KIND_SYSV_SHM = 20,
	WIRE_KIND_SYSV_SEM = 21,
	WIRE_KIND_SYSV_MSG = 22,
	WIRE_KIND_EPOLL = 23,
	WIRE_KIND_ANON = 24, /* any other anonymous inode */
};

enum wire_how {
	WIRE_HOW_USED = 0,   /* a system call moved data through it or opened it */
	WIRE_HOW_HELD = 1,   /* an iterator saw an open descriptor of it */
	WIRE_HOW_MAPPED = 2, /* it is mapped into memory */
};

/* One object that a process has open: sent when the pair (process, object) is first seen. An object is (dev, ino, gen),
 * see bpf/README.md; sockets of all kinds have dev = the sockfs device. */
struct wire_object {
	struct wire_head head;
	__u32 slot; /* of the io table, or WIRE_NO_SLOT */
	__u32 dev;  /* major << 20 | minor, as the kernel keeps it */
	wire_id ino;
	__u32 gen;
	__u8 kind;    /* enum wire_kind */
	__u8 how;     /* enum wire_how */
	__u16 mode;   /* i_mode */
	__u32 fmode;  /* file.f_mode: 1 readable, 2 writable */
	__u32 flags;  /* file.f_flags: O_*, of this architecture; 0 if they are not known */
	wire_id sock; /* for TCP the cookie, see wire_tcp, for a pty its number; else struct sock *: pairs both ends */
	wire_id peer; /* struct sock * of the other end, 0 if there is none */
	wire_id peer_ino;
	__u32 netns;
	__u32 rdev;
	__u16 family;
	__u16 local_port;
	__u16 remote_port;
	__u8 state;	 /* enum wire_tcp_state */
	__u8 is_foreign; /* head is a WIRE_PROCESS_FOREIGN, whose calls are not counted */
	__u8 local[16];	 /* IPv4 in the first four bytes */
	__u8 remote[16];
	__u16 name_len;	  /* bytes that follow: path, socket name, [eventfd] … */
	__u16 name_flags; /* enum wire_text_flag */
	__u32 reserved;
};

/* System V objects are wire_objects too: dev = inode of the ipc namespace, ino = id, gen = kind, rdev = key; local holds
 * uid and gid of the owner, remote those of the creator, each a __u32. There is no name. A semop is a
 * write without bytes, a shmat an open. */

/* A datagram socket that is not connected is also one object for each destination: gen is odd, a hash of the destination;
 * remote address and port or the name (with WIRE_TEXT_PEER) identify it, and only writes count there. */

enum wire_handover {
	WIRE_HANDOVER_SENT = 0,	    /* head sent it with SCM_RIGHTS */
	WIRE_HANDOVER_RECEIVED = 1, /* head received it; (file, sock) matches it with the other half, which may come later */
	WIRE_HANDOVER_GETFD = 2,    /* head took it from other_pid with pidfd_getfd */
};

/* An open file in transit from one process to another; one record per descriptor. */
struct wire_fd_pass {
	struct wire_head head;
	wire_id sock; /* struct sock * that receives; 0: not known */
	wire_id file; /* struct file * */
	wire_id ino;
	wire_id other_start; /* of other_pid; 0: not known */
	__u32 other_pid;
	__u32 dev;
	__u8 kind;	/* enum wire_kind */
	__u8 how;	/* enum wire_handover */
	__u16 name_len; /* bytes that follow: the path, if it has one */
	__u16 name_flags;
	__u16 reserved;
};

/* Only while something is followed: what a thread of the command, or of a daemon that may work for it, did. */
enum wire_step_kind {
	WIRE_STEP_READ = 1,	    /* bytes of a stream: from a pipe or a socket */
	WIRE_STEP_WRITE = 2,	    /* the same, the other way */
	WIRE_STEP_COUNTER_READ = 3, /* of an eventfd; position is the value that was read or added */
	WIRE_STEP_COUNTER_WRITE = 4,
	WIRE_STEP_WAIT = 5,   /* it waited for the next event */
	WIRE_STEP_ACCEPT = 6, /* a connection; without a stream, it is not from a followed process */
	WIRE_STEP_CHILD = 7,  /* a thread or a process was made */
	WIRE_STEP_OPEN = 8,   /* a file; object, dev and gen are those of a wire_object */
	WIRE_STEP_FILE_READ = 9,
	WIRE_STEP_FILE_WRITE = 10,
	WIRE_STEP_REDUCED = 11, /* this many steps of the process were not sent: it exceeded its budget */
	WIRE_STEP_WAKE = 12,	/* of a thread (child_tid, child_pid) that waited in futex() for this one */
	WIRE_STEP_SIGNAL = 13,	/* a handler runs for a signal of the command (child_pid); the thread was waiting */
	WIRE_STEP_CGROUP = 14,	/* it made the cgroup `object` */
	WIRE_STEP_JOIN = 15,	/* the process got into the cgroup `object`, which was made for the command */
};

enum wire_step_flag {
	WIRE_STEP_ACCEPTED = 1,	 /* over a connection that this side accepted */
	WIRE_STEP_TCP = 2,	 /* positions are sequence numbers: 32 bits */
	WIRE_STEP_UNSURE = 4,	 /* bytes were in transit when counting began: the position may be wrong */
	WIRE_STEP_OURS_OPEN = 8, /* another's request, read by a thread that has not answered one of the command yet */
	WIRE_STEP_ALONE = 16,	 /* the first request that the thread read since it last waited */
};

struct wire_step {
	struct wire_head head;
	__u32 tid;
	__u8 kind;	/* enum wire_step_kind */
	__u8 flags;	/* enum wire_step_flag */
	__u16 open;	/* requests that this thread read and that are not answered yet, without this one */
	wire_id object; /* the stream, by its sender: both ends say the same; 0 of one that is not counted. Else as in
			   wire_object */
	wire_id socket; /* struct sock * of this end; 0 for a pipe */
	__u64 position; /* of the first byte in the stream */
	__u64 bytes;
	__u32 dev;
	__u32 gen;
	__u32 mark;	 /* hash of the first bytes that moved, by which both ends recognize the same message; 0: not known */
	__u32 serial;	 /* of the D-Bus message whose beginning moved; 0: none. So are the next three */
	__u32 child_tid; /* WIRE_STEP_CHILD, WIRE_STEP_WAKE */
	__u32 child_pid;
	__u32 reply_serial;
	__u32 sender;	   /* a hash of the name, 1: the bus itself, 0: not in the message; only a bus adds it */
	__u32 destination; /* the same, if it is a unique name */
	__u32 reserved;
};

enum wire_io_flag {
	WIRE_IO_RETIRED = 1, /* the pair was idle and its slot is freed: its counters restart from zero */
	WIRE_IO_SHARED = 2,  /* bytes moved through an offset that several processes share; in none of these counters */
};

struct wire_io {
	struct wire_head head;
	__u32 slot;
	__u32 dev;
	wire_id ino;
	__u32 gen;
	__u16 mode;
	__u16 flags; /* enum wire_io_flag */
	__u64 opens;
	__u64 reads;
	__u64 writes;
	__u64 read_bytes;
	__u64 write_bytes;
	__u64 mapped_bytes; /* read from the disk by page faults */
};

/* The file position of a descriptor, from a source that does not count calls. */
struct wire_position {
	struct wire_head head;
	wire_id ino;
	__u32 dev;
	__u32 gen;
	__u64 position;
	__u64 moved; /* forward, in bytes, since the last record of this descriptor */
};

/* As in the kernel's include/net/tcp_states.h. */
enum wire_tcp_state {
	WIRE_TCP_STATE_ESTABLISHED = 1,
	WIRE_TCP_STATE_SYN_SENT = 2,
	WIRE_TCP_STATE_SYN_RECV = 3,
	WIRE_TCP_STATE_FIN_WAIT1 = 4,
	WIRE_TCP_STATE_FIN_WAIT2 = 5,
	WIRE_TCP_STATE_TIME_WAIT = 6,
	WIRE_TCP_STATE_CLOSE = 7,
	WIRE_TCP_STATE_CLOSE_WAIT = 8,
	WIRE_TCP_STATE_LAST_ACK = 9,
	WIRE_TCP_STATE_LISTEN = 10,
	WIRE_TCP_STATE_CLOSING = 11,
	WIRE_TCP_STATE_NEW_SYN_RECV = 12,
	WIRE_TCP_STATE_BOUND_INACTIVE = 13,
};

enum wire_tcp_role {
	WIRE_TCP_ROLE_UNKNOWN = 0,
	WIRE_TCP_ROLE_CLIENT = 1,
	WIRE_TCP_ROLE_SERVER = 2,
	WIRE_TCP_ROLE_LISTENER = 3,
};

enum wire_tcp_flag {
	WIRE_TCP_COUNTED_HERE = 1, /* its owner's calls are not seen: only this record has its bytes */
	WIRE_TCP_FOREIGN = 2,	   /* the other end of a connection of a wanted process */
};

/* One TCP socket, at a state change (how = USED) or in an iterator's pass (how = HELD). head is the process that made it,
 * 0 if unknown. */
struct wire_tcp {
	struct wire_head head;
	wire_id sock; /* its cookie: the same from the request to TIME_WAIT, never reused */
	wire_id ino;  /* of the socket, 0 before accept and after close */
	__u8 local[16];
	__u8 remote[16];
	__u32 netns;
	__u16 family; /* 2 or 10; v4-mapped addresses are sent as 2 */
	__u16 local_port;
	__u16 remote_port;
	__u8 state;	/* enum wire_tcp_state */
	__u8 old_state; /* how = USED */
	__u8 role;
	__u8 how;
	__u16 flags; /* enum wire_tcp_flag */
	__u32 rtt_us;
	__u32 retransmits;
	__u64 tx_bytes; /* payload sent, without retransmissions */
	__u64 rx_bytes;
	__u32 error; /* errno of the socket: why the connection failed */
	__u32 reserved;
};

enum wire_unmeasured {
	WIRE_UNMEASURED_EXECS = 1,
	WIRE_UNMEASURED_CALLS = 2,
};

struct wire_system {
	struct wire_head head;
	__u64 cpu_busy_ns; /* all CPUs, since boot */
	__u64 cpu_total_ns;
	__u64 mem_total_bytes;
	__u64 mem_used_bytes; /* total - available */
	__u64 uptime_ns;
	__u64 forks; /* processes forked since attach, counted in the kernel */
	__u64 execs;
	__u64 self_cpu_ns;
	__u64 self_rss_bytes;
	__u16 cpus;
	__u16 unmeasured; /* enum wire_unmeasured: what is not counted, so that its 0 means nothing */
	__u32 load100[3]; /* load averages, times 100 */
};

enum wire_probe_state {
	WIRE_PROBE_OFF = 0,
	WIRE_PROBE_ON = 1,
	WIRE_PROBE_FALLBACK = 2,
	WIRE_PROBE_STANDBY = 3, /* attached when a pane that needs it is shown */
};

struct wire_probe {
	struct wire_head head;
	char probe[WIRE_NAME_LEN];
	char variant[WIRE_NAME_LEN];
	__u32 state;
	__u16 reason_len; /* bytes that follow */
	__u16 reserved;
	__u64 lost; /* records that found no room */
};

struct wire_map {
	struct wire_head head;
	char map[WIRE_NAME_LEN];
	__u64 used;
	__u64 capacity;
	__u64 overflow;
};

enum wire_name_kind {
	WIRE_NAME_USER = 1,   /* id = uid */
	WIRE_NAME_CGROUP = 2, /* id = cgroup id; text = path */
	WIRE_NAME_CONTAINER =
		3, /* id = cgroup id; 0: it has none, head is its monitor; text = runtime NUL id; NUL name NUL image */
};

struct wire_name {
	struct wire_head head;
	wire_id id;
	__u16 kind;  /* enum wire_name_kind */
	__u16 flags; /* from the kernel: WIRE_TEXT_TRUNCATED, the path's beginning is missing */
	__u32 len;
};

enum wire_pass_kind {
	WIRE_PASS_PROCESSES = 1,
	WIRE_PASS_OBJECTS = 2,
	WIRE_PASS_TCP = 3,
	WIRE_PASS_MAPPINGS = 4, /* mapped objects, from a source whose WIRE_PASS_OBJECTS covers only descriptors */
};

/* What a pass did not find between begin and end is gone, unless a newer record says otherwise. A pass over objects
 * whose head names a process covers only that one. Outside of passes a WIRE_PROCESS has what changed; state X means that
 * the process is gone. */
struct wire_pass {
	struct wire_head head;
	__u32 kind;
	__u32 is_end;
};

/* In a pass over TCP, after all sockets of the namespace: only in these namespaces the pass says what is gone. If there
 * are many, each pass reads some. */
struct wire_network {
	struct wire_head head;
	__u32 netns;
	__u32 is_gone; /* no process lives in it any more, so it will not be read again */
};

struct wire_tick {
	struct wire_head head; /* time: when the counters were read */
	__u64 wall_ns;	       /* CLOCK_REALTIME at that moment */
	__u64 busy_ns;	 /* the longest time that a refresh or drain since the tick before blocked the program; 0: unknown */
	__u64 asleep_ns; /* for how long the machine was suspended since it started */
};

/* Every record with its struct, and every enum. Code for all of them is made from these lists (the layout in wire.bpf.c,
 * the sizes in native/wire-sizes.h). The length of the text after a struct is its member len or …_len. */
#define WIRE_RECORDS(X) \
	X(WIRE_PROCESS, wire_process) \
	X(WIRE_FORK, wire_process) \
	X(WIRE_EXEC, wire_exec) \
	X(WIRE_EXEC_FAILED, wire_exec) \
	X(WIRE_EXE, wire_text) \
	X(WIRE_ARGS, wire_text) \
	X(WIRE_EXIT, wire_exit) \
	X(WIRE_OOM, wire_oom) \
	X(WIRE_SIGNAL, wire_signal) \
	X(WIRE_CALL_EVENT, wire_call_event) \
	X(WIRE_DISK_REQUEST, wire_disk_request) \
	X(WIRE_SYSCALL, wire_syscall) \
	X(WIRE_LATENCY, wire_latency) \
	X(WIRE_SPILL, wire_spill) \
	X(WIRE_SAMPLE, wire_sample) \
	X(WIRE_DISK, wire_disk) \
	X(WIRE_DISK_SUM, wire_disk_sum) \
	X(WIRE_SCHED, wire_sched) \
	X(WIRE_WAKE, wire_wake) \
	X(WIRE_THREAD, wire_thread) \
	X(WIRE_OBJECT, wire_object) \
	X(WIRE_IO, wire_io) \
	X(WIRE_TCP, wire_tcp) \
	X(WIRE_FD_PASS, wire_fd_pass) \
	X(WIRE_POSITION, wire_position) \
	X(WIRE_STEP, wire_step) \
	X(WIRE_SYSTEM, wire_system) \
	X(WIRE_PROBE, wire_probe) \
	X(WIRE_MAP, wire_map) \
	X(WIRE_NAME, wire_name) \
	X(WIRE_PASS, wire_pass) \
	X(WIRE_TICK, wire_tick) \
	X(WIRE_NETWORK, wire_network)

#define WIRE_ENUMS(X) \
	X(wire_type) \
	X(wire_process_flag) \
	X(wire_text_flag) \
	X(wire_exit_flag) \
	X(wire_signal_end) \
	X(wire_event) \
	X(wire_abi) \
	X(wire_disk_operation) \
	X(wire_wait) \
	X(wire_waker) \
	X(wire_counted) \
	X(wire_kind) \
	X(wire_how) \
	X(wire_handover) \
	X(wire_step_kind) \
	X(wire_step_flag) \
	X(wire_io_flag) \
	X(wire_tcp_state) \
	X(wire_tcp_role) \
	X(wire_tcp_flag) \
	X(wire_unmeasured) \
	X(wire_probe_state) \
	X(wire_name_kind) \
	X(wire_pass_kind)

#ifdef __cplusplus
#define WIRE_ASSERT static_assert
#else
#define WIRE_ASSERT _Static_assert
#endif
#define WIRE_ASSERT_WHOLE(type, record) WIRE_ASSERT(sizeof(struct record) % 8 == 0, "a record is a multiple of 8 bytes long");
WIRE_RECORDS(WIRE_ASSERT_WHOLE)
#undef WIRE_ASSERT_WHOLE

#endif
