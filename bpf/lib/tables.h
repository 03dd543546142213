/* SPDX-License-Identifier: GPL-2.0 */
/* Slots of the mmap'd counter tables and ids of the probes, as BPF programs and the addon both see them. */
#ifndef EBTOP_TABLES_H
#define EBTOP_TABLES_H

/* A table is an array that both sides map. A slot is claimed by a compare-and-swap of its key or tag, never moves, and
 * is freed (zeroed, key last) by user space only: after the exit record of its process was read, when that can make no
 * more system calls, or, if room gets short, after it was idle for long (TABLE_RETIRED). A key is in one of the
 * TABLE_WINDOW slots TABLE_SLOT(hash, i); the growing steps between them keep full slots from clustering, so that a
 * half-full table has room for all but one key in 4 billion. Every slot begins with its key, never 0, and its process's
 * start time. */
#define TABLE_WINDOW 32
#define TABLE_SLOT(hash, i) ((hash) + (i) * ((i) + 1) / 2)
/* Replaces the key of a retired slot until the next sweep, when no program can still be adding to it. */
#define TABLE_RETIRED (~0ull)
/* `secret`: an odd number, drawn by each session. If it were known, any user could make keys that have the same slots as
 * those of others. One multiplication alone puts the calls of a process at equal steps: with one secret in some hundred, its
 * calls and its neighbours' meet in a few windows, and a half-full table has no room for them. */
static inline __u32 table_hash(__u64 key, __u64 secret)
{
	__u64 hash = key * secret;

	return (__u32)((hash ^ hash >> 32) * secret >> 40);
}

/* (start >> 20) identifies a process among all that had its pid within 12 days, to 1 ms */
#define PROCESS_ID(pid, start) ((((__u64)(start) >> 20 & 0x3fffffff) << 22) | ((__u64)(pid)&0x3fffff))

#define SYSCALL_KEY(pid, start, abi, nr) (1ull << 63 | PROCESS_ID(pid, start) << 11 | (__u64)(abi) << 10 | (nr))

struct call_counts {
	__u64 count;
	__u64 errors;
};
struct syscall_slot {
	__u64 key;
	__u64 start;
	struct call_counts counts;
};
#define SYSCALL_KEY_NR(key) ((key)&0x3ff)
#define SYSCALL_KEY_ABI(key) ((key) >> 10 & 1)
#define SYSCALL_KEY_PID(key) ((key) >> 11 & 0x3fffff)

/* Same index as the syscall slot. The number of calls is the sum of the buckets. */
struct latency_slot {
	__u64 total_ns;
	__u64 max_ns;
	__u32 buckets[WIRE_LATENCY_BUCKETS];
};

/* The requests of a process to a block device, by operation; for kernel threads also by the cgroup that they write for, or in
 * the root cgroup by the process. */
struct disk_slot {
	__u64 key; /* hash of the other fields */
	__u64 start;
	__u64 cgroup;  /* 0: none is known */
	__u32 for_pid; /* 0: none is known */
	char for_comm[WIRE_COMM_LEN];
	__u32 dev;
	__u32 pid;
	char name[WIRE_DISK_NAME_LEN];
	__u8 operation; /* enum wire_disk_operation */
	__u8 is_ready;	/* set last: the other fields are complete */
	__u16 unused;
	__u32 in_flight; /* requests in flight: while there are any the slot stays, even if the process is gone */
	__u64 count;
	__u64 bytes;
	struct latency_slot queued;
	struct latency_slot served;
};

/* What the iterator over tasks says of a thread that is not the leader; head.type is WIRE_NONE. */
struct thread_cpu {
	struct wire_head head;
	__u64 cpu_ns;
};

/* What the threads of a process did on one CPU. */
struct sched_slot {
	__u64 key; /* hash of process and CPU */
	__u64 start;
	__u32 pid;
	__u32 cpu;
	__u64 turns; /* times on the CPU; set last in a new slot */
	__u64 run_ns;
	__u64 voluntary; /* switches to another thread */
	__u64 involuntary;
	__u64 wait_ns; /* runnable without the CPU */
	__u64 max_wait_ns;
	__u32 waits[WIRE_LATENCY_BUCKETS];
};

/* How often one process woke another one. */
struct wake_slot {
	__u64 key; /* hash of the two */
	__u64 start;
	__u64 waker_start;
	__u32 pid;
	__u32 waker_pid;
	__u32 waker; /* enum wire_waker */
	__u32 unused;
	char waker_comm[WIRE_COMM_LEN];
	__u64 count; /* set last in a new slot */
};

enum io_announced {
	IO_NOT_ANNOUNCED, /* new, or the ring was full: the next call tries again */
	IO_ANNOUNCED,
	IO_PEER_UNKNOWN, /* announced, but the other end was not known yet */
};

struct io_counts {
	__u64 opens;
	__u64 reads;
	__u64 writes;
	__u64 read_bytes;
	__u64 write_bytes;
	__u64 mapped_bytes; /* read by page faults */
};
struct io_slot {
	__u64 key; /* hash of process and object */
	__u64 start;
	__u64 ino;
	__u32 dev;
	__u32 gen;
	__u32 pid;
	__u16 mode;
	__u8 is_ready;	 /* set last: the other fields are complete */
	__u8 announced;	 /* enum io_announced */
	__u32 name;	 /* name_hash() of the file that was announced */
	__u32 opened_as; /* open_mode() at the last announcement */
	struct io_counts counts;
};

/* In front of the syscall and the io table each CPU has lines, which only ebtop_sys_exit writes: it cannot interrupt
 * itself on a CPU, so it adds without atomics. A line belongs to one slot and holds counts that still have to be added
 * to it. The side that exchanges the key from K to 0 owns the counts that the line held for K: the program, when another
 * key takes over the line, or user space, when the process of K is gone. `sequence` is odd while the program reassigns
 * the line, so a reader that found it even and unchanged has read line and slot consistently. */
struct line {
	__u64 key; /* of the slot; 0: none */
	__u32 slot;
	__u32 sequence; /* 0: the line was never used */
	__u32 misses;
	__u32 unused;
};

/* Of each CPU. */
#define LINES 32
/* A key takes over a line after this many misses: two keys that keep sharing one line cost little. */
#define LINE_PATIENCE 8

struct call_line {
	struct line head;
	__u64 count;
	__u64 errors;
	__u64 unused[3];
};
struct call_lines {
	struct call_line lines[LINES];
};

struct io_line {
	struct line head;
	__u64 reads;
	__u64 writes;
	__u64 read_bytes;
	__u64 write_bytes;
	__u64 unused;
};
struct io_lines {
	struct io_line lines[LINES];
};

/* See bpf/lib/birth.bpf.h. */
struct birth_slot {
	__u64 key;    /* an address */
	__u64 number; /* from 1 on */
	__u32 share;  /* index of its share */
	__u32 pass;   /* the last pass that found it, or that was in progress when it was made */
};

/* Marks of processes by pid: 0, the pid, or FOLLOW_SEVERAL for good if two of them met. */
#define FOLLOW_PIDS 4096
#define FOLLOW_SEVERAL (~0u)

/* Tables, in the order of the overflow counts. */
enum table_id {
	TABLE_SYSCALL,
	TABLE_IO,
	TABLE_SPILL,
	TABLE_BIRTH,
	TABLE_SHARE,
	TABLE_DISK,
	TABLE_DISK_REQUEST,
	TABLE_WANTED,
	TABLE_FOLLOWED,
	TABLE_FOLLOW_STREAM,
	TABLE_FOLLOW_STEP,
	TABLE_FOLLOW_THREAD,
	TABLE_FOLLOW_REQUEST,
	TABLE_SCHED,
	TABLE_WAKE,
	TABLE_COUNT,
};

/* The slots that one user has in each table: see bpf/lib/share.bpf.h. */
struct share_slot {
	__u64 key; /* user id + 1 */
	__u64 used[TABLE_COUNT];
};
/* For all users without one of their own. */
#define SHARE_OF_THE_REST 0

struct spill_key {
	__u64 start;
	__u64 pid;
};
struct spill_value {
	__u64 share; /* index of its share */
	__u64 calls;
	__u64 errors;
	__u64 reads;
	__u64 writes;
	__u64 read_bytes;
	__u64 write_bytes;
	__u64 disk_read_bytes;
	__u64 disk_write_bytes;
};

/* --pid and --comm: a process that is wanted. */
struct wanted_process {
	__u64 start;
	__u32 share;	 /* index of its share */
	__u32 has_share; /* 0: it was requested by its pid */
};

/* --pid and --comm: identifies a channel that a wanted process has an end of, so that its other ends are found. Sockets
 * are identified by their address, TCP sockets by their cookie, terminals by their number, the rest by identity; System V
 * memory by its id, since the mapping's file does not tell the namespace. Addresses are even. */
#define CHANNEL_KEY(dev, ino, gen) ((((__u64)(ino) ^ (__u64)(dev) << 40) * 0x9e3779b97f4a7c15ull ^ (__u64)(gen) << 24) | 1)
#define CHANNEL_SYSV_MEMORY(id) CHANNEL_KEY(0, id, WIRE_KIND_SYSV_SHM)
/* Datagrams to an address may reach any bound socket. */
#define CHANNEL_UNIX_NAMES 2ull
#define CHANNEL_UDP 4ull
/* Even, from 8 on, and below all addresses. */
#define CHANNEL_TCP(cookie) ((__u64)(cookie) << 3)
#define CHANNEL_TERMINAL(number) ((__u64)(number) << 3 | 2)

/* Opens and stats may come by the hundred thousand. In the ring each of the two takes at most its share (event_share). */
#define IS_BULK_EVENT(event) ((event) == WIRE_EVENT_OPEN || (event) == WIRE_EVENT_STAT)
#define BULK_EVENT(event) ((event) == WIRE_EVENT_STAT)

/* Losses are counted per probe, in the order of the table in native/bpf/probe-table.cpp. */
enum probe_id {
	PROBE_FORK,
	PROBE_MOVE, /* to another cgroup or other namespaces */
	PROBE_EXEC,
	PROBE_EXIT,
	PROBE_SYSCALL,
	PROBE_LATENCY,
	PROBE_FILE,
	PROBE_IO_URING,
	PROBE_AIO,
	PROBE_TCP,
	PROBE_OOM,
	PROBE_SIGNAL,
	PROBE_IPC,
	PROBE_HANDOVER,
	PROBE_EVENT,
	PROBE_DISK,
	PROBE_THREAD,
	PROBE_FOLLOW,
	PROBE_SCHED,
	PROBE_COUNT,
};

#endif
