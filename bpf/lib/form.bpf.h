/* SPDX-License-Identifier: GPL-2.0 */
/* The unit is compiled twice: as it is, and with EBTOP_OLD for kernels without bpf_loop (before 5.17, from 5.10 on). All
 * that differs is here; user space sees the same maps, programs and variables. */
#ifndef EBTOP_FORM_BPF_H
#define EBTOP_FORM_BPF_H

#ifndef EBTOP_OLD

#define by_form(old, now) (now)
extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym __weak;
extern struct task_struct *bpf_task_from_pid(__s32 pid) __ksym __weak;
extern void bpf_task_release(struct task_struct *task) __ksym __weak;

/* Calls step(number, context) `count` times, or until it returns 1. */
#define loop(most_in_old, count, step, context) bpf_loop(count, step, context, 0)
/* Counts a loss if the loop of the old form has too few steps. */
#define count_left_out(probe, most_in_old, count)
#define current_task() bpf_get_current_task_btf()
/* A field behind a pointer that the verifier trusts: an argument, the current task, or what these point to. */
#define own(type, p, field) ((p)->field)
#define task_registers(task) ((struct pt_regs *)bpf_task_pt_regs(task))

#define try_take(is_taken) (__sync_val_compare_and_swap(is_taken, 0, 1) == 0)
#define give_back(is_taken) __sync_lock_test_and_set(is_taken, 0)
/* Writes `key` to slot `index` of a table if that is free. Returns the key that was there. */
#define claim(at, key, index) __sync_val_compare_and_swap(at, 0, key)
/* Writes `value` if `before` is still there. True if it did. */
#define replace(at, before, value) (__sync_val_compare_and_swap(at, before, value) == (before))
#define set_bit(bits, bit) __sync_fetch_and_or(bits, bit)
#define order_memory(at) __sync_lock_test_and_set(at, 0)
/* Returns a number that is larger than all before. */
#define next_number(last) (__sync_fetch_and_add(last, 1) + 1)

/* The kernel's number of a TCP socket, never reused; made here, if need be. `is_full`: neither a request nor in TIME_WAIT. */
#define has_cookies true
#define socket_cookie(sk, is_full) bpf_get_socket_cookie(sk)
/* A line's takeover needs an atomic exchange. */
#define has_lines true
/* How a global function gets the scratch of a map: before 5.12 it may have no pointers, so it gets the index in the map. */
#define REFERENCE(type) type *
#define refer_to(scratch) (scratch)
#define referred(map, reference) (reference)
/* Stored with the thread, where others cannot evict it. */
#define THREAD_MAP() \
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE); \
	__uint(map_flags, BPF_F_NO_PREALLOC); \
	__type(key, int)
#define thread_value(map, task) bpf_task_storage_get(map, task, NULL, 0)
#define make_thread_value(map, task) bpf_task_storage_get(map, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE)

#else

#define by_form(old, now) (old)
/* 5.15 refuses a program with a call of a kernel function that it lacks, even if nothing reaches the call. What calls
 * these is never reached in this form. */
#define bpf_rdonly_cast(obj, btf_id) ((void *)(obj))
#define bpf_task_from_pid(pid) ((struct task_struct *)NULL)
#define bpf_task_release(task)

/* Before 5.13 a callback is refused even if nothing calls it. The verifier walks every step of this loop. */
#define loop(most_in_old, count, step, context) \
	do { \
		__u32 __count = (count); \
		_Pragma("clang loop unroll(disable)") for (__u32 __n = 0; __n < (most_in_old) && __n < __count; __n++) \
		{ \
			if (step(__n, context)) \
				break; \
		} \
	} while (0)
#define count_left_out(probe, most_in_old, count) \
	do { \
		if ((count) > (most_in_old)) \
			count_lost(probe); \
	} while (0)
/* Before 5.11 the current task is a number. */
#define current_task() ((struct task_struct *)bpf_get_current_task())
#define own(type, p, field) \
	({ \
		const void *__own = (p); \
		BPF_CORE_READ((type *)__own, field); \
	})
/* bpf_task_pt_regs is from 5.15. The registers are at the end of the kernel stack (x86-64: 16 KiB). */
#define KERNEL_STACK (4 << 12)
#define task_registers(task) \
	((struct pt_regs *)(BPF_CORE_READ(task, stack) + KERNEL_STACK - bpf_core_type_size(struct pt_regs)))

/* Before 5.12 addition is the only atomic operation, and it does not return the value. A CPU that reads 1 after adding 1 has
 * it alone; if two try at once, both may fail. */
static __always_inline bool try_take(__u32 *is_taken)
{
	__sync_fetch_and_add(is_taken, 1);
	if (*(volatile __u32 *)is_taken == 1)
		return true;
	__sync_fetch_and_add(is_taken, -1);
	return false;
}
#define give_back(is_taken) __sync_fetch_and_add(is_taken, -1)
/* Under a lock that nobody waits for: if another CPU has it, the slot counts as taken. */
#define claim(at, key, index) claim_under_lock(at, key, index)
/* If two CPUs write at once, the smaller value may stay. */
#define replace(at, before, value) (*(volatile typeof(*(at)) *)(at) = (value), true)
/* Only for a bit that is not set and that nobody else sets. */
#define set_bit(bits, bit) __sync_fetch_and_add(bits, bit)
/* On x86 any atomic operation does. */
#define order_memory(at) __sync_fetch_and_add(at, 1)
/* One CPU never makes two in one nanosecond. It is stored so that the variable is used in both forms. */
#define next_number(last) (*(last) = bpf_ktime_get_ns() << 9 | (bpf_get_smp_processor_id() & 511))

/* Before 5.12 there are no cookies for programs with BTF. */
#define has_cookies false
#define socket_cookie(sk, is_full) ((is_full) ? socket_number((__u64)as_number(sk)) : 0)
#define has_lines false
#define REFERENCE(type) __u32
#define refer_to(scratch) ((scratch)->index)
#define referred(map, reference) bpf_map_lookup_elem(map, &(reference))
/* Task storage is from 5.11: by thread, the oldest out. */
#define THREAD_MAP() \
	__uint(type, BPF_MAP_TYPE_LRU_HASH); \
	__uint(max_entries, 16384); \
	__type(key, __u64)
/* Ids are reused. */
#define thread_key(task) (BPF_CORE_READ(task, start_boottime) ^ (__u64)BPF_CORE_READ(task, pid) << 40)
#define thread_value(map, task) \
	({ \
		__u64 __key = thread_key(task); \
		bpf_map_lookup_elem(map, &__key); \
	})
#define make_thread_value(map, task) \
	({ \
		__u64 __key = thread_key(task); \
		typeof(*(map)->value) __none = {0}; \
		bpf_map_update_elem(map, &__key, &__none, BPF_NOEXIST); \
		bpf_map_lookup_elem(map, &__key); \
	})

#endif

#define CLAIMS 1024 /* a power of 2 */

struct claim_map { /* only for the old form */
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CLAIMS);
	__type(key, __u32);
	__type(value, __u32);
};
extern struct claim_map claims SEC(".maps");

static __always_inline __u64 claim_under_lock(__u64 *at, __u64 key, __u32 index)
{
	__u32 which = index % CLAIMS, *is_taken = bpf_map_lookup_elem(&claims, &which);
	__u64 before = ~0ull;

	if (!is_taken || !try_take(is_taken))
		return before;
	before = *(volatile __u64 *)at;
	if (!before)
		*(volatile __u64 *)at = key;
	give_back(is_taken);
	return before;
}

#endif
