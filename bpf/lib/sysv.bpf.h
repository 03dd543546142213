/* SPDX-License-Identifier: GPL-2.0 */
/* System V objects: from an id to the kernel's data about it. */
#ifndef EBTOP_SYSV_BPF_H
#define EBTOP_SYSV_BPF_H

#include "registers.bpf.h"

/* Indexes of ipc_namespace.ids */
enum sysv_class {
	SYSV_SEM = 0,
	SYSV_MSG = 1,
	SYSV_SHM = 2,
};

#define SYSV_INDEX_MASK 0x7fff /* of an id; the bits above are its generation */
#define XA_NODE_MASK 63
#define XA_LEVELS 4

/* Data of an object besides its id. */
struct sysv_facts {
	__s32 key;
	__u32 uid;
	__u32 gid;
	__u32 cuid;
	__u32 cgid;
};

/* Data from the security hook of the current call, if that variant runs. */
struct sysv_permitted {
	struct sysv_facts facts;
	__s32 id;
	__u32 ns;   /* inode of the ipc namespace */
	__u32 kind; /* enum wire_kind; 0: taken */
};
struct sysv_permitted_map {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct sysv_permitted);
};
extern struct sysv_permitted_map sysv_permitted SEC(".maps");

/* For the calls of CALL_SYSV. */
static __always_inline enum sysv_class sysv_class_of(long nr)
{
	return nr == NR_SHMAT ? SYSV_SHM : nr == NR_MSGSND || nr == NR_MSGRCV ? SYSV_MSG : SYSV_SEM;
}

static __always_inline __u8 sysv_kind(enum sysv_class class)
{
	return class == SYSV_SEM ? WIRE_KIND_SYSV_SEM : class == SYSV_MSG ? WIRE_KIND_SYSV_MSG : WIRE_KIND_SYSV_SHM;
}

/* The entry of an xarray at an index. Inner nodes are pointers with 2 in their low bits. */
static __always_inline void *xa_entry(void *entry, __u32 index)
{
	for (int i = 0; i < XA_LEVELS && ((unsigned long)entry & 3) == 2; i++) {
		struct xa_node *node = (void *)((unsigned long)entry & ~3ul);
		__u32 slot = index >> BPF_CORE_READ(node, shift) & XA_NODE_MASK;

		bpf_core_read(&entry, sizeof(entry), &node->slots[slot]);
	}
	return entry;
}

/* CO-RE knows the size of an element only for a constant index. */
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

static __always_inline void read_sysv(struct sysv_facts *facts, struct kern_ipc_perm *object)
{
	facts->key = BPF_CORE_READ(object, key);
	facts->uid = BPF_CORE_READ(object, uid.val);
	facts->gid = BPF_CORE_READ(object, gid.val);
	facts->cuid = BPF_CORE_READ(object, cuid.val);
	facts->cgid = BPF_CORE_READ(object, cgid.val);
}

/* Kind, key and owners; for an object that is gone only its kind, marked as deleted. */
static __always_inline void fill_sysv(struct wire_object *record, struct ipc_namespace *ns, enum sysv_class class, int id,
				      struct sysv_permitted *permitted)
{
	struct sysv_facts facts = {};
	struct kern_ipc_perm *object;

	record->kind = record->gen = sysv_kind(class);
	if (permitted) {
		facts = permitted->facts;
		permitted->kind = 0;
	} else if ((object = sysv_object(ns, class, id))) {
		read_sysv(&facts, object);
	} else {
		record->name_flags = WIRE_TEXT_DELETED;
	}
	record->rdev = facts.key;
	__builtin_memcpy(record->local, &facts.uid, 2 * sizeof(__u32));
	__builtin_memcpy(record->remote, &facts.cuid, 2 * sizeof(__u32));
}

#endif
