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

#define SYSV_INDEX_MASK 0x7fff	/* of an id; the bits above count its generations */
#define XA_NODE_MASK 63
#define XA_LEVELS 4

static __always_inline __u8 sysv_kind(enum sysv_class class)
{
	return class == SYSV_SEM ? WIRE_KIND_SYSV_SEM : class == SYSV_MSG ? WIRE_KIND_SYSV_MSG : WIRE_KIND_SYSV_SHM;
}

/* The entry of an xarray at index. Inner nodes are pointers with 2 in their low bits. */
static __always_inline void *xa_entry(void *entry, __u32 index)
{
	for (int i = 0; i < XA_LEVELS && ((unsigned long)entry & 3) == 2; i++) {
		struct xa_node *node = (void *)((unsigned long)entry & ~3ul);
		__u32 slot = index >> BPF_CORE_READ(node, shift) & XA_NODE_MASK;

		bpf_core_read(&entry, sizeof(entry), &node->slots[slot]);
	}
	return entry;
}

/* CO-RE knows the size of an element only where the index is a constant. */
static __always_inline void *sysv_root(struct ipc_namespace *ns, enum sysv_class class)
{
	switch (class) {
	case SYSV_SEM:
		return BPF_CORE_READ(ns, ids[0].ipcs_idr.idr_rt.xa_head);
	case SYSV_MSG:
		return BPF_CORE_READ(ns, ids[1].ipcs_idr.idr_rt.xa_head);
	default:
		return BPF_CORE_READ(ns, ids[2].ipcs_idr.idr_rt.xa_head);
	}
}

/* NULL if the object is gone. Each kind's struct begins with its permissions. */
static __always_inline struct kern_ipc_perm *sysv_object(struct ipc_namespace *ns, enum sysv_class class, int id)
{
	void *root = sysv_root(ns, class);
	struct kern_ipc_perm *object = xa_entry(root, id & SYSV_INDEX_MASK);

	return object && BPF_CORE_READ(object, id) == id ? object : NULL;
}

/* Kind, key and owners. False if the object is gone. */
static __always_inline bool fill_sysv(struct wire_object *record, struct ipc_namespace *ns, enum sysv_class class, int id)
{
	struct kern_ipc_perm *object = sysv_object(ns, class, id);

	record->kind = record->gen = sysv_kind(class);
	if (!object)
		return false;
	record->rdev = BPF_CORE_READ(object, key);
	((__u32 *)record->local)[0] = BPF_CORE_READ(object, uid.val);
	((__u32 *)record->local)[1] = BPF_CORE_READ(object, gid.val);
	((__u32 *)record->remote)[0] = BPF_CORE_READ(object, cuid.val);
	((__u32 *)record->remote)[1] = BPF_CORE_READ(object, cgid.val);
	return true;
}

#endif
