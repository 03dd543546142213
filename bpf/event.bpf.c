// SPDX-License-Identifier: GPL-2.0
// System calls that are events. Only requested calls get here (native/bpf/event-calls.cpp).
#include "lib/call-class.h"
#include "lib/call-event.bpf.h"
#include "lib/calls.bpf.h"
#include "lib/follow-goroutine.bpf.h"
#include "lib/follow.bpf.h"
#include "lib/latency.bpf.h"
#include "lib/tracepoint.bpf.h"

/* include/uapi/linux/ptrace.h and bpf.h */
#define PTRACE_TRACEME 0
#define PTRACE_ATTACH 16
#define PTRACE_SEIZE 0x4206
#define BPF_PROG_LOAD_COMMAND 5
#define BPF_ATTR_PROG_NAME 48 /* offset in union bpf_attr */

static __always_inline bool is_wanted_event(__u32 event)
{
	return event && wanted_events >> (event & 31) & 1;
}

/* Calls with a command: only some commands are events. */
static __always_inline bool is_event(__u32 event, __u32 command)
{
	if (event == WIRE_EVENT_PTRACE)
		return command == PTRACE_TRACEME || command == PTRACE_ATTACH || command == PTRACE_SEIZE;
	return event != WIRE_EVENT_BPF_LOAD || command == BPF_PROG_LOAD_COMMAND;
}

/* Fields that only some kinds of events have, besides names and flags. */
static __always_inline void add_facts(struct call_event_scratch *scratch, struct pt_regs *regs, __u32 abi, __u32 event)
{
	const struct cred *cred = own(struct task_struct, untrusted(struct task_struct, current_task()), cred);
	struct wire_call_event *record = &scratch->record;
	__u64 second = call_argument(regs, abi, 1), effective = 0;

	switch (event) {
	case WIRE_EVENT_OPEN:
	case WIRE_EVENT_OPEN_FAILED:
		if (record->nr == (abi == WIRE_ABI_COMPAT ? NR_COMPAT_OPENAT2 : NR_OPENAT2)) /* struct open_how */
			bpf_probe_read_user(&record->flags, sizeof(record->flags), (void *)call_argument(regs, abi, 2));
		break;
	case WIRE_EVENT_BIND:
		record->other = port_of(call_argument(regs, abi, 0));
		break;
	case WIRE_EVENT_PTRACE:
		record->other = second;
		break;
	case WIRE_EVENT_BPF_LOAD:
		bpf_probe_read_user(&record->other, sizeof(record->other), (void *)second);
		append_name(scratch, second + BPF_ATTR_PROG_NAME);
		end_string(scratch, scratch->at, 0);
		break;
	case WIRE_EVENT_SETUID:
		record->flags = peek(struct cred, cred, euid.val);
		record->other = peek(struct cred, cred, egid.val);
		break;
	case WIRE_EVENT_CAPSET:
		bpf_core_read(&effective, sizeof(effective), &cred->cap_effective);
		record->flags = effective;
		record->other = effective >> 32;
		break;
	}
}

/* Sends the event of the call that ends. `made`: the file that it created, whose path is more exact than the name. */
static __noinline int send_call_event(struct pt_regs *regs, long ret, __u32 event, struct file *made)
{
	struct task_struct *task = current_task();
	struct call_event_scratch *scratch = call_event_acquire();
	__u32 nr = call_number(regs) & (WIRE_CALL_NUMBERS - 1);
	__u32 abi = is_compat_call(task) ? WIRE_ABI_COMPAT : WIRE_ABI_NATIVE;
	const volatile __u8 *call = event_calls[abi][nr];
	struct wire_call_event *record;

	if (!scratch)
		return 0;
	call_event_begin(scratch, event);
	record = &scratch->record;
	/* The old form follows nothing, and 5.10 refuses this. */
	if (by_form(false, true) && bpf_map_lookup_elem(&followed, &record->head.pid))
		record->tid = actor_of();
	record->error = ret < 0 ? (__s32)ret : 0;
	record->other = ret < 0 ? 0 : ret;
	record->took_ns = took(own(struct task_struct, task, pid));
	record->nr = nr;
	record->abi = abi;
	record->flags = call[EVENT_FLAGS] ? call_argument(regs, abi, call[EVENT_FLAGS] - 1) : 0;
	if (made) {
		append_path(refer_to(scratch), (__u64)made);
		end_string(scratch, scratch->at, 0);
	} else {
		if (call[EVENT_NAME])
			append_argument(scratch, regs, abi, call[EVENT_NAME]);
		if (call[EVENT_OTHER_NAME])
			append_argument(scratch, regs, abi, call[EVENT_OTHER_NAME]);
		if (call[EVENT_ADDRESS])
			append_address(scratch, call_argument(regs, abi, call[EVENT_ADDRESS] - 1),
				       call_argument(regs, abi, call[EVENT_ADDRESS]));
	}
	add_facts(scratch, regs, abi, event);
	call_event_send(scratch);
	call_event_release(scratch);
	return 0;
}

/* A tail call of ebtop_sys_exit. */
SYS_EXIT_PROG(ebtop_event)
{
	struct task_struct *task = current_task();
	__u32 nr = call_number(regs), abi = is_compat_call(task), event;
	struct file *file;

	if (nr >= WIRE_CALL_NUMBERS)
		return 0;
	barrier_var(nr);
	nr &= WIRE_CALL_NUMBERS - 1;
	event = event_calls[abi][nr][EVENT_MAKES];
	if (ret >= 0 && is_wanted_event(event)) {
		file = file_of(task, ret);
		if (file && peek(struct file, file, f_mode) & FMODE_CREATED)
			send_call_event(regs, ret, event, file);
	}
	event = event_calls[abi][nr][ret < 0 ? EVENT_FAILS : EVENT_DOES];
	if (is_wanted_event(event) && is_event(event, call_argument(regs, abi, 0)) && has_room(event))
		send_call_event(regs, ret, event, NULL);
	return 0;
}

/* Whichever call loaded it: the kernel knows the module's name. */
SEC("tp_btf/module_load")
int BPF_PROG(ebtop_module, struct module *module)
{
	struct call_event_scratch *scratch;
	long len;

	if (!is_wanted(own(struct task_struct, current_task(), tgid)))
		return 0;
	scratch = call_event_acquire();
	if (!scratch)
		return 0;
	call_event_begin(scratch, WIRE_EVENT_MODULE_LOAD);
	len = bpf_probe_read_kernel_str(scratch->text, sizeof(module->name), module->name);
	if (len > 0 && len <= (long)sizeof(module->name))
		end_string(scratch, 0, len - 1);
	call_event_send(scratch);
	call_event_release(scratch);
	return 0;
}
