/* SPDX-License-Identifier: GPL-2.0 */
/* For whom a kernel thread writes data back: the process that was the last to make a clean page of the file dirty, and its
 * cgroup. Needed for processes in the root cgroup, and where the kernel does not charge writeback to cgroups (memory or io
 * controller in cgroup v1, or none). */
#ifndef EBTOP_DIRTIER_BPF_H
#define EBTOP_DIRTIER_BPF_H

#include "cgroup.bpf.h"
#include "file.bpf.h"

struct dirtier {
	__u64 node;   /* its cgroup, also if that is the root; 0: a kernel thread */
	__u64 cgroup; /* the same, 0 for the root */
	__u64 ino;    /* the inode may be gone, and another one at its address */
	__u64 start;
	__u32 pid;
	char comm[WIRE_COMM_LEN];
};
/* By the address of the file's struct address_space. */
struct dirtiers_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct dirtier);
};
extern struct dirtiers_map dirtiers SEC(".maps");

#define MAPPING_FLAGS 3ull /* in the low bits of a page's mapping: not of a file */
#define TAIL_PAGE 1ull	   /* in the low bit of the address of its first page */

static __always_inline bool is_kernel_thread(void)
{
	return own(struct task_struct, current_task(), flags) & PF_KTHREAD;
}

/* The current process makes a page dirty. What is written to a block device itself is mostly the file system's: its bitmaps
 * and inodes, for whoever. */
static __always_inline void remember_dirtier(__u64 address)
{
	struct address_space *mapping = (void *)address;
	struct inode *inode = mapping ? peek(struct address_space, mapping, host) : NULL;
	struct dirtier dirtier = {}, *known;
	struct kernfs_node *node = NULL;
	__u64 hierarchy;

	if (!inode || (peek(struct inode, inode, i_mode) & S_IFMT) == S_IFBLK)
		return;
	dirtier.ino = peek(struct inode, inode, i_ino);
	if (!is_kernel_thread()) {
		node = cgroup_node((struct task_struct *)bpf_get_current_task(), &hierarchy);
		dirtier.node = key_of_node(node, hierarchy);
		dirtier.start = process_start((struct task_struct *)bpf_get_current_task());
		dirtier.pid = bpf_get_current_pid_tgid() >> 32;
	}
	known = bpf_map_lookup_elem(&dirtiers, &address);
	if (known && known->node == dirtier.node && known->ino == dirtier.ino && known->start == dirtier.start)
		return;
	if (dirtier.pid)
		bpf_get_current_comm(dirtier.comm, sizeof(dirtier.comm));
	if (node && kernfs_parent(node))
		dirtier.cgroup = node_id(node, hierarchy, PROBE_DISK);
	bpf_map_update_elem(&dirtiers, &address, &dirtier, BPF_ANY);
}

/* By the first page of a request: two files whose blocks follow each other may be written with one request. */
static __always_inline struct dirtier *dirtier_of(struct bio *bio)
{
	struct bio_vec *vector = BPF_CORE_READ(bio, bi_io_vec);
	struct page *page = BPF_CORE_READ(vector, bv_page);
	__u64 head = bpf_core_field_exists(page->compound_head) ? BPF_CORE_READ(page, compound_head) : 0, mapping;
	struct dirtier *known;

	if (head & TAIL_PAGE)
		page = (void *)(head & ~TAIL_PAGE);
	if (bpf_core_field_exists(page->mapping))
		mapping = (__u64)BPF_CORE_READ(page, mapping);
	else
		mapping = (__u64)BPF_CORE_READ((struct folio *)page, mapping);
	known = mapping && !(mapping & MAPPING_FLAGS) ? bpf_map_lookup_elem(&dirtiers, &mapping) : NULL;
	return known && known->ino == BPF_CORE_READ((struct address_space *)mapping, host, i_ino) ? known : NULL;
}

#endif
