/* SPDX-License-Identifier: GPL-2.0 */
/* System V IPC, and memory that is mapped. */

typedef int key_t;

struct kern_ipc_perm {
	int id;
	key_t key;
	kuid_t uid;
	kgid_t gid;
	kuid_t cuid;
	kgid_t cgid;
};
struct xarray {
	void *xa_head;
};
struct xa_node {
	unsigned char shift;
	void *slots[64];
};
struct idr {
	struct xarray idr_rt;
};
struct ipc_ids {
	struct idr ipcs_idr;
};
struct ipc_namespace {
	struct ipc_ids ids[3];
	struct ns_common ns;
};
/* private_data of the file that a shmat maps */
struct shm_file_data {
	int id;
	struct ipc_namespace *ns;
};

struct vm_area_shared {
	struct rb_node rb;
};
struct vm_area_struct {
	struct mm_struct *vm_mm;
	unsigned long vm_flags;
	struct file *vm_file;
	struct vm_area_shared shared;
};
struct bpf_iter__task_vma {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	struct vm_area_struct *vma;
};
