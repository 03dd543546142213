/* SPDX-License-Identifier: GPL-2.0 */
/* The few kernel types that the programs read, one header per subsystem. Fields are found by name through BTF when
 * loading (CO-RE), so order and size do not matter here; only names and kinds do. */
#ifndef EBTOP_VMLINUX_H
#define EBTOP_VMLINUX_H

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;
typedef __u16 __sum16;
typedef __s8 s8;
typedef __u8 u8;
typedef __s16 s16;
typedef __u16 u16;
typedef __s32 s32;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;
typedef _Bool bool;
enum { false = 0, true = 1 };

/* uapi/linux/bpf.h, the part that is used */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PROG_ARRAY = 3,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};

enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_EXIST = 2,
	BPF_F_NO_PREALLOC = 1,
	BPF_F_MMAPABLE = 1024,
	BPF_RB_NO_WAKEUP = 1,
	BPF_LOCAL_STORAGE_GET_F_CREATE = 1,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
#define __VMLINUX_H__ /* libbpf then takes the names of registers that the kernel itself uses */
#include "vmlinux/task.h"
#include "vmlinux/trace.h"
#include "vmlinux/fs.h"
#include "vmlinux/net.h"
#include "vmlinux/ipc.h"
#include "vmlinux/io_uring.h"
#include "vmlinux/aio.h"
#include "vmlinux/block.h"
#pragma clang attribute pop

#endif
