/* SPDX-License-Identifier: GPL-2.0 */
/* Files, inodes, dentries, mounts, pipes. */

typedef u32 dev_t;
typedef u16 umode_t;
typedef unsigned int fmode_t;

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};
struct qstr {
	u32 hash;
	u32 len;
	const unsigned char *name;
};
struct inode;
struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};
struct vfsmount {
	struct dentry *mnt_root;
};
struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};
struct file_system_type {
	const char *name;
};
struct super_block {
	dev_t s_dev;
	unsigned long s_magic;
	struct file_system_type *s_type;
};
struct rb_node {
	struct rb_node *rb_right;
	struct rb_node *rb_left;
};
struct rb_root {
	struct rb_node *rb_node;
};
struct rb_root_cached {
	struct rb_root rb_root;
};
struct address_space {
	struct inode *host;
	struct rb_root_cached i_mmap;
};
struct folio {
	unsigned long flags;
	struct address_space *mapping;
	unsigned int _nr_pages;
};
struct memdesc_flags {
	unsigned long f;
};
struct folio___6_18 {
	struct memdesc_flags flags;
};
struct folio___6_13 {
	unsigned int _folio_nr_pages;
};
enum pageflags {
	PG_head = 6,
};
struct pipe_buffer {
	unsigned int len;
};
struct pipe_inode_info {
	unsigned int head;
	unsigned int tail;
	unsigned int ring_size;
	struct pipe_buffer *bufs;
};
struct inode {
	umode_t i_mode;
	struct address_space *i_mapping;
	struct super_block *i_sb;
	unsigned long i_ino;
	dev_t i_rdev;
	u32 i_generation;
	struct pipe_inode_info *i_pipe;
	void *i_private;
};
struct file_operations;
struct file {
	fmode_t f_mode;
	const struct file_operations *f_op;
	const struct cred *f_cred;
	void *private_data;
	struct inode *f_inode;
	struct address_space *f_mapping;
	unsigned int f_flags;
	struct path f_path;
	struct hlist_head *f_ep;
};
struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};
struct files_struct {
	struct fdtable *fdt;
};
struct timespec64 {
	s64 tv_sec;
};
struct fs_struct {
	struct path root;
	struct path pwd;
};

/* Terminals */
struct tty_driver {
	int major;
};
struct tty_struct {
	int index;
	struct tty_driver *driver;
	struct tty_struct *link; /* of a pseudo terminal: the other end */
};
struct tty_file_private {
	struct tty_struct *tty;
};
