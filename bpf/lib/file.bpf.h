/* SPDX-License-Identifier: GPL-2.0 */
/* From a file descriptor to its file, and the identity of the object. */
#ifndef EBTOP_FILE_BPF_H
#define EBTOP_FILE_BPF_H

#include "birth.bpf.h"

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define O_ACCMODE 3
#define FMODE_READ 1
#define FMODE_WRITE 2
#define TTY_MAJOR_AUX 5
#define TTY_MAJOR_PTS 136
#define TTY_MAJOR_PTS_LAST 143
#define DEV_PTMX (TTY_MAJOR_AUX << 20 | 2)
#define EVENTFD_GENERATION 1

/* An object is (dev, ino, gen). README.md says what these are if the file system reuses its numbers. */
struct identity {
	__u64 ino;
	__u32 dev;
	__u32 gen;
	__u16 mode;
};

/* Distinguishes two inodes with the same number: while both exist they have different addresses. Even, see wire.h. */
static __always_inline __u32 address_generation(__u64 inode)
{
	return inode >> 5 & ~1u;
}

/* Known after the first eventfd. */
extern __u64 eventfd_operations;
extern const volatile bool announce_objects; /* objects are needed by a concern */

/* The current task's file with descriptor fd, or NULL. */
static __always_inline struct file *file_of(struct task_struct *task, __u32 fd)
{
	struct files_struct *files = own(struct task_struct, untrusted(struct task_struct, task), files);
	struct fdtable *table = own(struct files_struct, files, fdt);
	struct file **slot, *file = NULL;

	if (fd >= own(struct fdtable, table, max_fds))
		return NULL;
	slot = own(struct fdtable, table, fd) + fd;
	/* The kernel's BTF has no type that is just a pointer to a file. The first member of struct timespec64 has the
	 * same size, and the verifier takes it for a number, so that it may be hashed. */
	if (have_cast)
		file = (void *)((struct timespec64 *)bpf_rdonly_cast(slot, bpf_core_type_id_kernel(struct timespec64)))->tv_sec;
	else
		bpf_probe_read_kernel(&file, sizeof(file), slot);
	return file;
}

static __always_inline bool is_named_eventfd(__u64 file)
{
	struct dentry *dentry = peek(struct file, (void *)file, f_path.dentry);
	const unsigned char *at = peek(struct dentry, dentry, d_name.name);
	char name[] = "[eventfd]", found[sizeof(name)] = {};
	bool is_same = !bpf_probe_read_kernel(found, sizeof(found), at);

	for (unsigned int i = 0; i < sizeof(name); i++)
		is_same &= found[i] == name[i];
	return is_same;
}

static __always_inline bool is_eventfd(__u64 file, __u64 operations)
{
	if (!eventfd_operations && is_named_eventfd(file))
		eventfd_operations = operations;
	return operations == eventfd_operations;
}

/* The number of an eventfd; 0 for other objects, or if there is no room. Global, like walk_path(). */
__weak __noinline __u64 eventfd_number(__u64 file, bool is_new)
{
	__u64 operations = peek_address(struct file, (void *)file, f_op);

	return is_eventfd(file, operations) ? birth_of(file, file, is_new) : 0;
}

static __always_inline bool is_terminal(__u32 rdev)
{
	__u32 major = rdev >> 20, minor = rdev & 0xfffff;

	return (major >= TTY_MAJOR_PTS && major <= TTY_MAJOR_PTS_LAST) ||
	       (major == TTY_MAJOR_AUX && (minor == 2 || minor == 0));
}

/* The same for both ends of a pseudo terminal; 0 for other terminals, and for anything that is not an open terminal. */
static __always_inline __u64 terminal_address(__u64 file)
{
	__u64 private = peek_address(struct file, (void *)file, private_data);
	__u64 tty = peek_address(struct tty_file_private, (void *)private, tty);
	__u64 link = peek_address(struct tty_struct, (void *)tty, link);

	return tty < link ? tty : link;
}

/* The number of a pseudo terminal, or 0. Global, like walk_path(). */
__weak __noinline __u64 terminal_number(__u64 file, bool is_new)
{
	__u64 address = terminal_address(file);

	return address ? birth_of(address, file, is_new) : 0;
}

/* Anonymous inodes (no type in their mode) share one inode number. An eventfd has a number of its own; the others carry
 * no data, so all of one kind are one object. */
static __always_inline void identify_anonymous(struct identity *identity, __u64 file)
{
	__u64 number = announce_objects ? eventfd_number(file, false) : 0;

	if (number) {
		identity->ino = number;
		identity->gen = EVENTFD_GENERATION;
	} else {
		identity->gen = peek_address(struct file, (void *)file, f_op) >> 4 | 1u << 31;
	}
}

/* The inode of every master is that of ptmx, whose opening makes the terminal; the inodes of slaves are reused with their
 * index. */
static __always_inline void identify_terminal(struct identity *identity, __u64 file, bool is_new)
{
	__u64 number = announce_objects ? terminal_number(file, is_new) : 0;

	if (number)
		identity->gen = number;
}

#define NAME_STEPS 16

/* Changes when the file or a directory above it is renamed, or reached by another mount. The kernel's hash of a name
 * includes the address of the directory. Global, like walk_path(). */
__weak __noinline __u32 name_hash(__u64 file)
{
	struct dentry *dentry = peek(struct file, (void *)file, f_path.dentry), *parent;
	__u64 hash = peek_address(struct file, (void *)file, f_path.mnt);

	for (int i = 0; i < NAME_STEPS; i++) {
		hash = (hash ^ peek(struct dentry, dentry, d_name.hash)) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 32;
		parent = peek(struct dentry, dentry, d_parent);
		if (parent == dentry)
			break;
		dentry = parent;
	}
	return hash;
}

/* The flags of the open file: O_*, except the access mode, which FMODE_READ and FMODE_WRITE tell. */
static __always_inline __u32 open_mode(struct file *file)
{
	return (peek(struct file, file, f_flags) & ~O_ACCMODE) | (peek(struct file, file, f_mode) & (FMODE_READ | FMODE_WRITE));
}

/* `is_opened`: the call that returned `file` has just opened it. */
static __always_inline void identify(struct file *opened, struct identity *identity, bool is_opened)
{
	__u64 file = (__u64)opened, inode = peek_address(struct file, opened, f_inode);
	struct super_block *sb = peek(struct inode, (void *)inode, i_sb);
	__u32 rdev;

	identity->mode = peek(struct inode, (void *)inode, i_mode);
	identity->ino = peek(struct inode, (void *)inode, i_ino);
	identity->gen = peek(struct inode, (void *)inode, i_generation);
	identity->dev = peek(struct super_block, sb, s_dev);
	if (!(identity->mode & S_IFMT)) {
		identify_anonymous(identity, file);
	} else if ((identity->mode & S_IFMT) == S_IFCHR) {
		rdev = peek(struct inode, (void *)inode, i_rdev);
		if (is_terminal(rdev))
			identify_terminal(identity, file, is_opened && rdev == DEV_PTMX);
	} else if (!identity->gen) {
		identity->gen = address_generation(inode);
	}
}

#endif
