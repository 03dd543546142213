/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that were started, and those that failed to start. */
#ifndef EBTOP_EXEC_BPF_H
#define EBTOP_EXEC_BPF_H

#include "registers.bpf.h"
#include "task.bpf.h"
#include "text.bpf.h"

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
static __always_inline void exec_send(struct text_scratch *scratch, struct wire_exec *record, long name_bytes)
{
	__u32 len = name_bytes > 0 ? name_bytes - 1 : 0;

	record->name_len = len;
	record->name_flags = len >= TEXT_MAX - 1 ? WIRE_TEXT_TRUNCATED : 0;
	text_send(PROBE_EXEC, scratch, sizeof(*record), len);
}

/* At the exit of a failed system call: number and arguments are still those of the call. */
static __noinline __attribute__((unused)) void handle_exec_failed(struct pt_regs *regs, long ret, bool is_compat)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct text_scratch *scratch = text_acquire(PROBE_EXEC);
	long nr = call_number_core(regs);
	struct wire_exec *record;
	unsigned long name;

	if (!scratch)
		return;
	if (is_compat)
		name = compat_argument_core(regs, nr == NR_COMPAT_EXECVE ? 0 : 1);
	else
		name = nr == NR_EXECVE ? PT_REGS_PARM1_CORE_SYSCALL(regs) : PT_REGS_PARM2_CORE_SYSCALL(regs);
	record = exec_record(scratch, task, WIRE_EXEC_FAILED);
	record->error = (__s32)ret;
	exec_send(scratch, record, bpf_probe_read_user_str(scratch->text, TEXT_MAX, (void *)name));
	text_release(scratch);
}

#endif
