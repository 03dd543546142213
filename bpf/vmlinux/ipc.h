/* SPDX-License-Identifier: GPL-2.0 */
/* System V IPC. */

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
struct sembuf {
	unsigned short sem_num;
	short sem_op;
	short sem_flg;
};
