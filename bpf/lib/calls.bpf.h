/* SPDX-License-Identifier: GPL-2.0 */
/* What each system call does, by number: which calls move data, and which arguments are their descriptors. */
#ifndef EBTOP_CALLS_BPF_H
#define EBTOP_CALLS_BPF_H

#include "call-class.h"
#include "registers.bpf.h"

/* [enum wire_abi][number] */
extern const volatile __u8 call_class[2][WIRE_CALL_NUMBERS];

static __always_inline __u32 class_of(__u32 abi, __u32 nr)
{
	if (nr >= WIRE_CALL_NUMBERS)
		return CALL_OTHER;
	barrier_var(nr); /* or clang forgets the bound that the verifier needs */
	return call_class[abi & 1][nr & (WIRE_CALL_NUMBERS - 1)];
}

#endif
