// SPDX-License-Identifier: GPL-2.0
// System V IPC by its system calls: they have no descriptor, so the object is found by its id.
#include "lib/io.bpf.h"
#include "lib/sysv.bpf.h"

#define NR_SHMAT 30
#define NR_MSGSND 69
#define NR_MSGRCV 70

static __always_inline void announce_sysv(struct io_use *use, struct io_slot *slot, __u32 index, struct ipc_namespace *ns,
					  enum sysv_class class, int id)
{
	struct wire_object *record = ring_reserve(PROBE_IPC, WIRE_OBJECT, sizeof(*record), use->pid, use->start);

	if (!record)
		return;
	__builtin_memset((void *)record + sizeof(record->head), 0, sizeof(*record) - sizeof(record->head));
	record->slot = index;
	record->dev = slot->dev;
	record->ino = slot->ino;
	record->how = WIRE_HOW_USED;
	fill_sysv(record, ns, class, id);
	bpf_ringbuf_submit(record, 0);
	slot->announced = IO_ANNOUNCED;
}

static __always_inline void count_sysv(struct io_use *use, enum sysv_class class, int id)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct ipc_namespace *ns = BPF_CORE_READ(task, nsproxy, ipc_ns);
	struct identity identity = { .ino = id, .dev = BPF_CORE_READ(ns, ns.inum), .gen = sysv_kind(class) };
	struct io_slot *slot;
	__u32 index = 0;

	use->pid = task->tgid;
	use->start = process_start(task);
	use->calls = 1;
	slot = io_slot_of(use, &identity, &index);
	if (!slot)
		return;
	io_add(slot, use);
	if (announce_objects && slot->announced != IO_ANNOUNCED)
		announce_sysv(use, slot, index, ns, class, id);
}

/* A tail call of ebtop_sys_exit for shmat, semop, semtimedop, msgsnd and msgrcv. */
SEC("tp_btf/sys_exit")
int BPF_PROG(ebtop_sysv, struct pt_regs *regs, long ret)
{
	struct io_use use = {};
	int id = regs->di;

	if (ret < 0)
		return 0;
	switch (regs->orig_ax) {
	case NR_SHMAT:
		use.operation = IO_OPEN;
		count_sysv(&use, SYSV_SHM, id);
		break;
	case NR_MSGSND:
		use.operation = IO_WRITE;
		use.bytes = regs->dx;
		count_sysv(&use, SYSV_MSG, id);
		break;
	case NR_MSGRCV:
		use.operation = IO_READ;
		use.bytes = ret;
		count_sysv(&use, SYSV_MSG, id);
		break;
	default:
		use.operation = IO_WRITE;
		count_sysv(&use, SYSV_SEM, id);
	}
	return 0;
}
