/* SPDX-License-Identifier: GPL-2.0 */
/* The user whose share of ebtop's tables a process counts towards. */
#ifndef EBTOP_HOLDER_BPF_H
#define EBTOP_HOLDER_BPF_H

#include "kernel.bpf.h"

#define USER_NAMESPACE_LEVELS 33 /* the kernel allows no more (kernel/user_namespace.c) */

/* The real user id: for a set-user-ID program that of the user who started it. For a process in a user namespace it is
 * the user who created the outermost one: ids inside of it get no shares of their own. */
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
