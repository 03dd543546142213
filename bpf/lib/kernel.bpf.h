/* SPDX-License-Identifier: GPL-2.0 */
/* Included by every program: kernel types, helpers, and peek(), which reads a field of kernel memory. */
#ifndef EBTOP_KERNEL_BPF_H
#define EBTOP_KERNEL_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include "wire.h"
#include "form.bpf.h"

#define ENOSYS 38
#define PF_KTHREAD 0x200000

extern const volatile __u32 page_shift; /* pages of arm64 have 4, 16 or 64 KiB */
/* Set before loading: the verifier drops the branch that this kernel cannot take. */
extern const volatile bool have_cast;

/* Reads type.field at p. bpf_rdonly_cast (6.2 and later) makes it a single load that cannot fault; otherwise it is a
 * helper call, 20 to 40 ns more. p is evaluated first, since BPF_CORE_READ relocates its whole argument, our own types
 * too. */
#define peek(type, p, field) \
	({ \
		const void *__p = (p); \
		typeof(((type *)0)->field) __v; \
		if (have_cast) \
			__v = ((type *)bpf_rdonly_cast(__p, bpf_core_type_id_kernel(type)))->field; \
		else \
			__v = BPF_CORE_READ((type *)__p, field); \
		__v; \
	})

/* The pointer in type.field at p as a number: the verifier refuses to shift or multiply a pointer. The first member of
 * struct timespec64 is a number of that size. */
#define peek_address(type, p, field) \
	({ \
		const void *__at = (const void *)(p) + bpf_core_field_offset(type, field); \
		__u64 __number = 0; \
		if (have_cast) \
			__number = ((struct timespec64 *)bpf_rdonly_cast(__at, bpf_core_type_id_kernel(struct timespec64))) \
					   ->tv_sec; \
		else \
			bpf_probe_read_kernel(&__number, sizeof(__number), __at); \
		__number; \
	})

/* To the verifier an argument is a pointer, which cannot be hashed: read back from memory, it is a number. */
static __always_inline void *as_number(const void *pointer)
{
	void *number = NULL;

	bpf_probe_read_kernel(&number, sizeof(number), &pointer);
	return number;
}

/* Never read: an atomic instruction without a result does not order memory, which is cheaper. */
extern __u64 fence;
/* Everybody sees what was written before this before what is written after it. x86 keeps that order by itself. */
#if defined(__TARGET_ARCH_x86)
#define order_stores() barrier()
#else
#define order_stores() order_memory(&fence)
#endif

/* Zeroes a wire record after its head. */
#define clear_body(record) \
	__builtin_memset((void *)(record) + sizeof((record)->head), 0, sizeof(*(record)) - sizeof((record)->head))

/* The same pointer, no longer trusted by the verifier. When a pointer is read through a trusted one, kernels up to 6.18
 * search all of their types, several times, to find out whether that one can be trusted too: half of the loading time. */
#define untrusted(type, p) (have_cast ? (type *)bpf_rdonly_cast((p), bpf_core_type_id_kernel(type)) : (type *)(p))

#endif
