/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that were started, and those that failed to start. */
#ifndef EBTOP_EXEC_BPF_H
#define EBTOP_EXEC_BPF_H

#include "registers.bpf.h"
#include "task.bpf.h"
#include "text.bpf.h"

extern const volatile bool no_args;

static __always_inline struct wire_exec *exec_record(struct text_scratch *scratch, struct task_struct *task, __u16 type)
{
	struct wire_exec *record = text_record(scratch, struct wire_exec);

	record->head.type = type;
	record->head.pid = BPF_CORE_READ(task, tgid);
	record->head.start = process_start(task);
	record->ppid = BPF_CORE_READ(task, real_parent, tgid);
	record->uid = BPF_CORE_READ(task, cred, euid.val);
	record->gid = BPF_CORE_READ(task, cred, egid.val);
	bpf_core_read(record->comm, sizeof(record->comm), &task->comm);
	record->reserved = 0;
	return record;
}

/* name_bytes: the result of reading a string, its NUL included. */
static __always_inline void exec_name(struct text_scratch *scratch, struct wire_exec *record, long name_bytes)
{
	__u32 len = name_bytes > 0 ? name_bytes - 1 : 0;

	if (name_bytes <= 0)
		scratch->text[0] = 0;
	record->name_len = len;
	record->name_flags = len >= TEXT_MAX - 1 ? WIRE_TEXT_TRUNCATED : 0;
}

#define ARG_STEPS 128
#define ARG_PIECE 256 /* text_scratch has room for one more */

struct argv_context {
	struct text_scratch *scratch;
};

static long argv_step(__u32 index, struct argv_context *context)
{
	struct text_scratch *scratch = context->scratch;
	volatile struct argv_walk *walk = &scratch->argv; /* not kept in registers: see there */
	__u32 size = walk->is_compat ? sizeof(__u32) : sizeof(__u64), at = walk->at;
	long len;

	if (!walk->argument) {
		if (bpf_probe_read_user(&scratch->argv.argument, size, (void *)walk->next) || !walk->argument) {
			walk->is_complete = true;
			return 1;
		}
		walk->next += size;
	}
	if (at > TEXT_MAX - 2)
		return 1;
	len = bpf_probe_read_user_str(scratch->text + at, ARG_PIECE, (void *)walk->argument);
	if (len < 0) {
		scratch->text[at] = '?';
		scratch->text[at + 1] = 0;
		len = 2;
	} else if (len == 0) { /* an empty string on 5.10; 6.18 counts its NUL */
		scratch->text[at] = 0;
		len = 1;
	}
	if (len == ARG_PIECE) {
		len--;
		walk->argument += len;
	} else {
		walk->argument = 0;
	}
	walk->at = at + len;
	return 0;
}

/* Appends argv to the text behind the name, which has `name_bytes`. An argument that is not in memory is "?": the kernel need
 * not have read it. Global, like walk_path(). */
__weak __noinline int append_argv(__u32 index, __u64 argv, __u32 is_compat, __u32 name_bytes)
{
	struct text_scratch *scratch = bpf_map_lookup_elem(&text_scratches, &index);
	struct argv_context context = {.scratch = scratch};
	struct wire_exec *record;
	__u32 at;

	if (!scratch || !argv)
		return 0;
	record = text_record(scratch, struct wire_exec);
	scratch->argv = (struct argv_walk){.next = argv, .at = name_bytes, .is_compat = is_compat};
	loop(ARG_STEPS, ARG_STEPS, argv_step, &context);
	at = scratch->argv.at;
	if (at > TEXT_MAX || !scratch->argv.is_complete)
		record->name_flags |= WIRE_TEXT_MORE_ARGS;
	record->name_len = at > TEXT_MAX ? TEXT_MAX : at;
	return 0;
}

/* At the exit of a failed system call: number, arguments and memory are still those of the call. */
static __noinline __attribute__((unused)) void handle_exec_failed(struct pt_regs *regs, long ret, bool is_compat)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct text_scratch *scratch = text_acquire(PROBE_EXEC);
	long nr = call_number_core(regs);
	struct wire_exec *record;
	unsigned long name, argv;
	long len;

	if (!scratch)
		return;
	if (is_compat) {
		name = compat_argument_core(regs, nr == NR_COMPAT_EXECVE ? 0 : 1);
		argv = compat_argument_core(regs, nr == NR_COMPAT_EXECVE ? 1 : 2);
	} else {
		name = nr == NR_EXECVE ? PT_REGS_PARM1_CORE_SYSCALL(regs) : PT_REGS_PARM2_CORE_SYSCALL(regs);
		argv = nr == NR_EXECVE ? PT_REGS_PARM2_CORE_SYSCALL(regs) : PT_REGS_PARM3_CORE_SYSCALL(regs);
	}
	record = exec_record(scratch, task, WIRE_EXEC_FAILED);
	record->error = (__s32)ret;
	len = bpf_probe_read_user_str(scratch->text, TEXT_MAX, (void *)name);
	exec_name(scratch, record, len);
	if (!no_args)
		append_argv(scratch->index, argv, is_compat, len > 0 ? len : 1);
	text_send(PROBE_EXEC, scratch, sizeof(*record), record->name_len);
	text_release(scratch);
}

#endif
