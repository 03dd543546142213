/* SPDX-License-Identifier: GPL-2.0 */
/* Work outside of the hot path: ebtop_sys_exit ends with a tail call to the program of the call's class, if user space
 * has added one. While something is followed, ebtop_follow may come in between. */
#ifndef EBTOP_IPC_CALLS_BPF_H
#define EBTOP_IPC_CALLS_BPF_H

#include "calls.bpf.h"

struct ipc_calls_map {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, CALL_PLACES);
	__type(key, __u32);
	__type(value, __u32);
};
extern struct ipc_calls_map ipc_calls SEC(".maps");

#endif
