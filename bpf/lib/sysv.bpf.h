/* SPDX-License-Identifier: GPL-2.0 */
/* System V objects: from an id to what the kernel knows of it. */
#ifndef EBTOP_SYSV_BPF_H
#define EBTOP_SYSV_BPF_H

#include "kernel.bpf.h"

/* Places in ipc_namespace.ids */
enum sysv_class {
	SYSV_SEM = 0,
	SYSV_MSG = 1,
	SYSV_SHM = 2,
};

#define SYSV_INDEX_BITS 15	/* of an id; what is above counts its generations */
#define XA_NODE_MASK 63
#define XA_LEVELS 4

static __always_inline __u8 sysv_kind(enum sysv_class class)
{
	return class == SYSV_SEM ? WIRE_KIND_SYSV_SEM : class == SYSV_MSG ? WIRE_KIND_SYSV_MSG : WIRE_KIND_SYSV_SHM;
}

/* The entry of an xarray at index: an internal node is a pointer with its low bits 10. */
static __always_inline void *xa_entry(struct xarray *array, __u32 index)
{
	void *entry = BPF_CORE_READ(array, xa_head);

	for (int i = 0; i < XA_LEVELS && ((unsigned long)entry & 3) == 2; i++) {
		struct xa_node *node = (void *)((unsigned long)entry & ~3ul);
		__u32 slot = index >> BPF_CORE_READ(node, shift) & XA_NODE_MASK;

		bpf_core_read(&entry, sizeof(entry), &node->slots[slot]);
	}
	return entry;
}

/* NULL if the object is gone. Each kind's struct begins with its permissions. */
static __always_inline struct kern_ipc_perm *sysv_object(struct ipc_namespace *ns, enum sysv_class class, int id)
{
	__u32 index = id & ((1 << SYSV_INDEX_BITS) - 1);
	struct kern_ipc_perm *object = xa_entry(&ns->ids[class].ipcs_idr.idr_rt, index);

	return object && BPF_CORE_READ(object, id) == id ? object : NULL;
}

#endif
