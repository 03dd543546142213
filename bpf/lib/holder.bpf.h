/* SPDX-License-Identifier: GPL-2.0 */
/* Which user is held to account for what a process takes of ebtop's tables. */
#ifndef EBTOP_HOLDER_BPF_H
#define EBTOP_HOLDER_BPF_H

#include "kernel.bpf.h"

#define USER_NAMESPACE_LEVELS 33 /* the kernel nests no deeper (kernel/user_namespace.c) */

/* The real user id: of a set-user-ID program it is that of whoever started it. Of a process in a user namespace it is the
 * user who made the outermost one: with ids of his own inside, he has no more than one share. */
static __always_inline __u32 holder_of(const struct cred *cred)
{
	struct user_namespace *ns = peek(struct cred, cred, user_ns), *parent;
	__u32 holder = peek(struct cred, cred, uid.val);

	for (int i = 0; i < USER_NAMESPACE_LEVELS; i++) {
		parent = peek(struct user_namespace, ns, parent);
		if (!parent)
			break;
		holder = peek(struct user_namespace, ns, owner.val);
		ns = parent;
	}
	return holder;
}

#endif
