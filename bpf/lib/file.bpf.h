/* SPDX-License-Identifier: GPL-2.0 */
/* From a file descriptor to its file, and what names the thing behind it. */
#ifndef EBTOP_FILE_BPF_H
#define EBTOP_FILE_BPF_H

#include "kernel.bpf.h"

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define FMODE_WRITE 2
#define DEV_PTMX (5 << 20 | 2)

/* An object is (dev, ino, gen). Anonymous inodes (eventfd, epoll …; no type in their mode) share one inode number:
 * of these the struct file is the identity. */
struct identity {
	__u64 ino;
	__u32 dev;
	__u32 gen;
	__u16 mode;
};

/* The current task's file of descriptor fd, or NULL. */
static __always_inline struct file *file_of(struct task_struct *task, __u32 fd)
{
	struct fdtable *table = untrusted(struct task_struct, task)->files->fdt;
	struct file **slot, *file = NULL;

	if (fd >= table->max_fds)
		return NULL;
	slot = table->fd + fd;
	/* No kernel type is "a pointer to a file". The first member of struct timespec64 has its size, and to the verifier
	 * it is a number, so that it may be hashed as well. */
	if (have_cast)
		file = (void *)((struct timespec64 *)bpf_rdonly_cast(slot, bpf_core_type_id_kernel(struct timespec64)))->tv_sec;
	else
		bpf_probe_read_kernel(&file, sizeof(file), slot);
	return file;
}

/* All masters of pseudo terminals are one inode: the terminal tells them apart. */
static __always_inline __u32 ptmx_generation(struct file *file)
{
	struct tty_file_private *private = peek(struct file, file, private_data);
	__u64 tty = 0; /* read as a number: the verifier lets nobody shift a pointer */

	bpf_core_read(&tty, sizeof(tty), &private->tty);
	return tty >> 6;
}

static __always_inline void identify(struct file *file, struct identity *identity)
{
	struct inode *inode = peek(struct file, file, f_inode);
	struct super_block *sb = peek(struct inode, inode, i_sb);

	identity->mode = peek(struct inode, inode, i_mode);
	identity->ino = identity->mode & S_IFMT ? peek(struct inode, inode, i_ino) : (__u64)file;
	identity->gen = peek(struct inode, inode, i_generation);
	if ((identity->mode & S_IFMT) == S_IFCHR && peek(struct inode, inode, i_rdev) == DEV_PTMX)
		identity->gen = ptmx_generation(file);
	identity->dev = peek(struct super_block, sb, s_dev);
}

#endif
