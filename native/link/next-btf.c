// SPDX-License-Identifier: GPL-2.0
// Without CAP_SYS_ADMIN the kernel does not list the BTF of modules (see README.md): then pretends that there is none.
#include <errno.h>
#include <linux/types.h>

int __real_bpf_btf_get_next_id(__u32 start, __u32 *next);
int __wrap_bpf_btf_get_next_id(__u32 start, __u32 *next);

int __wrap_bpf_btf_get_next_id(__u32 start, __u32 *next)
{
	int error = __real_bpf_btf_get_next_id(start, next);

	if (error != -EPERM)
		return error;
	errno = ENOENT;
	return -ENOENT;
}
