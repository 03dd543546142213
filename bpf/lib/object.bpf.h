/* SPDX-License-Identifier: GPL-2.0 */
/* Fills struct wire_object: the kind of an open file, and its name. */
#ifndef EBTOP_OBJECT_BPF_H
#define EBTOP_OBJECT_BPF_H

#include <bpf/bpf_endian.h>
#include "file.bpf.h"
#include "path.bpf.h"
#include "socket.bpf.h"

#define PIPEFS_MAGIC 0x50495045
#define TMPFS_MAGIC 0x01021994
#define HUGETLBFS_MAGIC 0x958458f6
#define MQUEUE_MAGIC 0x19800202

static __always_inline char *path_start(struct path_scratch *scratch)
{
	return scratch->bytes + PATH_HEADER + (scratch->position & (2 * WIRE_PATH_MAX - 1));
}

/* Whether the path from path_walk() begins with `prefix`, a string of at most 16 bytes. */
#define path_begins(scratch, prefix) \
	({ \
		char __begin[sizeof(prefix) - 1] = {}; \
		bool __is_same = !bpf_probe_read_kernel(__begin, sizeof(__begin), path_start(scratch)); \
		for (unsigned int __i = 0; __i < sizeof(__begin); __i++) \
			__is_same &= __begin[__i] == (prefix)[__i]; \
		__is_same; \
	})

/* Replaces the path by the `len` bytes at `from`, at most 256. */
static __always_inline void path_set(struct path_scratch *scratch, const void *from, __u32 len)
{
	__u32 position;

	barrier_var(len); /* or clang relies on the caller's bound, which the verifier up to 6.12 has lost */
	if (len > 256)
		len = 256;
	position = WIRE_PATH_MAX - len;
	barrier_var(position); /* or clang subtracts from the pointer, which the verifier refuses */
	scratch->flags = 0;
	scratch->position = position;
	bpf_probe_read_kernel(scratch->bytes + PATH_HEADER + (position & (2 * WIRE_PATH_MAX - 1)), len, from);
}

static __always_inline __u8 regular_kind(struct path_scratch *scratch, unsigned long magic)
{
	if (magic == MQUEUE_MAGIC)
		return WIRE_KIND_POSIX_MQ;
	if (magic != TMPFS_MAGIC && magic != HUGETLBFS_MAGIC)
		return WIRE_KIND_REGULAR;
	if (path_begins(scratch, "memfd:") || path_begins(scratch, "dev/zero")) /* MAP_SHARED | MAP_ANONYMOUS */
		return WIRE_KIND_MEMFD;
	if (path_begins(scratch, "/dev/shm/sem."))
		return WIRE_KIND_POSIX_SEM;
	if (path_begins(scratch, "/dev/shm/"))
		return WIRE_KIND_POSIX_SHM;
	return WIRE_KIND_REGULAR;
}

static __always_inline __u8 anonymous_kind(struct wire_object *record, struct path_scratch *scratch)
{
	if (record->gen == EVENTFD_GENERATION)
		return WIRE_KIND_EVENTFD;
	if (path_begins(scratch, "[eventpoll]"))
		return WIRE_KIND_EPOLL;
	return WIRE_KIND_ANON;
}

/* "/dev/pts/N"; returns its length. bpf_snprintf is from 5.13. */
static __always_inline __u32 name_pty(char *to, __u32 number)
{
	__u32 digits = 1;

	__builtin_memcpy(to, "/dev/pts/", 9);
	for (__u32 rest = number / 10; rest && digits < 7; rest /= 10)
		digits++;
	for (__u32 i = 0; i < 7 && i < digits; i++, number /= 10)
		to[(8 + digits - i) & 31] = (char)('0' + number % 10);
	return 9 + digits;
}

/* Both ends of a pseudo terminal get the same name and number. */
static __always_inline void fill_pty(struct wire_object *record, struct path_scratch *scratch, struct file *file)
{
	struct tty_file_private *private = peek(struct file, file, private_data);
	struct tty_struct *tty = peek(struct tty_file_private, private, tty);
	__u64 number = terminal_number((__u64)file, false);

	if (!number)
		return;
	record->kind = WIRE_KIND_PTY;
	record->sock = number;
	path_set(scratch, scratch->name, name_pty(scratch->name, peek(struct tty_struct, tty, index)));
}

static __always_inline void fill_char_device(struct wire_object *record, struct path_scratch *scratch, struct file *file)
{
	record->kind = WIRE_KIND_CHAR;
	if (is_terminal(record->rdev))
		fill_pty(record, scratch, file);
}

/* The name of the socket itself or, without one, that of the other end. */
static __always_inline void fill_socket_name(struct wire_object *record, struct path_scratch *scratch)
{
	char *to = scratch->header + sizeof(*record);
	__u32 len = unix_name(to, (void *)record->sock);

	if (len == 0 && record->peer) {
		len = unix_name(to, (void *)record->peer);
		record->name_flags = len ? WIRE_TEXT_PEER : 0;
	}
	path_set(scratch, to, len);
}

static __always_inline void fill_socket_object(struct wire_object *record, struct path_scratch *scratch, struct file *file)
{
	struct sock *sk = sock_of(file);

	record->kind = WIRE_KIND_SOCKET;
	path_set(scratch, NULL, 0);
	if (!sk)
		return;
	fill_socket(record, sk);
	if (record->family == AF_UNIX)
		fill_socket_name(record, scratch);
}

static __always_inline void fill_kind(struct wire_object *record, struct path_scratch *scratch, struct file *file)
{
	struct inode *inode = peek(struct file, file, f_inode);
	unsigned long magic = BPF_CORE_READ(inode, i_sb, s_magic);

	record->rdev = peek(struct inode, inode, i_rdev);
	switch (record->mode & S_IFMT) {
	case S_IFREG:
		record->kind = regular_kind(scratch, magic);
		break;
	case S_IFDIR:
		record->kind = WIRE_KIND_DIRECTORY;
		break;
	case S_IFLNK:
		record->kind = WIRE_KIND_LINK;
		break;
	case S_IFBLK:
		record->kind = WIRE_KIND_BLOCK;
		break;
	case S_IFIFO:
		record->kind = magic == PIPEFS_MAGIC ? WIRE_KIND_PIPE : WIRE_KIND_FIFO;
		break;
	case S_IFCHR:
		fill_char_device(record, scratch, file);
		break;
	default:
		record->kind = anonymous_kind(record, scratch);
	}
}

/* Global, see walk_path(). */
__weak __noinline int fill_object_of(REFERENCE(struct path_scratch) reference)
{
	struct path_scratch *scratch = referred(&path_scratches, reference);
	struct wire_object *record;
	struct identity identity;
	struct file *file;

	if (!scratch)
		return 0;
	file = scratch->file;
	record = (void *)scratch->header;
	__builtin_memset(record, 0, sizeof(*record));
	identify(file, &identity, false);
	record->head.type = WIRE_OBJECT;
	record->head.time = bpf_ktime_get_boot_ns();
	record->slot = WIRE_NO_SLOT;
	record->dev = identity.dev;
	record->ino = identity.ino;
	record->gen = identity.gen;
	record->mode = identity.mode;
	record->fmode = peek(struct file, file, f_mode);
	record->flags = peek(struct file, file, f_flags);
	if ((identity.mode & S_IFMT) == S_IFSOCK) {
		fill_socket_object(record, scratch, file);
	} else {
		walk_path(refer_to(scratch));
		fill_kind(record, scratch, file);
	}
	record->name_len = path_len(scratch);
	record->name_flags |= scratch->flags;
	return 0;
}

/* Fills the struct wire_object in scratch->header, except slot, and the name after it, for path_output(). The caller sets
 * head.pid and head.start. */
static __always_inline void fill_object(struct path_scratch *scratch, struct file *file, __u32 how)
{
	scratch->file = file;
	fill_object_of(refer_to(scratch));
	((struct wire_object *)scratch->header)->how = how;
}

#endif
