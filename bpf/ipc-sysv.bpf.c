// SPDX-License-Identifier: GPL-2.0
// System V IPC, at the exit of its system calls: they have no descriptor, so the object is found by its id.
#include "lib/calls.bpf.h"
#include "lib/io.bpf.h"
#include "lib/sysv.bpf.h"
#include "lib/tracepoint.bpf.h"

/* The object that the security hook got at the beginning of this call; NULL if the hook did not run. */
static __always_inline struct sysv_permitted *permitted_object(struct io_slot *slot)
{
	struct sysv_permitted *permitted = by_form(NULL, bpf_task_storage_get(&sysv_permitted, current_task(), NULL, 0));

	if (!permitted || permitted->id != slot->ino || permitted->ns != slot->dev || permitted->kind != slot->gen)
		return NULL;
	return permitted;
}

static __always_inline void announce_sysv(struct io_use *use, struct io_slot *slot, __u32 index, struct ipc_namespace *ns,
					  enum sysv_class class, int id)
{
	struct wire_object *record = ring_reserve(PROBE_IPC, WIRE_OBJECT, sizeof(*record), use->pid, use->start);

	if (!record)
		return;
	clear_body(record);
	record->slot = index;
	record->dev = slot->dev;
	record->ino = slot->ino;
	record->how = WIRE_HOW_USED;
	fill_sysv(record, ns, class, id, permitted_object(slot));
	ring_submit(record);
	slot->announced = IO_ANNOUNCED;
}

static __always_inline void count_sysv(struct io_use *use, enum sysv_class class, int id)
{
	struct task_struct *task = current_task();
	struct ipc_namespace *ns = BPF_CORE_READ(task, nsproxy, ipc_ns);
	struct identity identity = {.ino = id, .dev = BPF_CORE_READ(ns, ns.inum), .gen = sysv_kind(class)};
	struct io_slot *slot;
	__u32 index = 0;

	use->pid = own(struct task_struct, task, tgid);
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
SYS_EXIT_PROG(ebtop_sysv)
{
	struct io_use use = {.operation = IO_WRITE};
	long nr = call_number(regs);

	if (ret < 0)
		return 0;
	if (nr == NR_SHMAT) {
		use.operation = IO_OPEN;
	} else if (nr == NR_MSGSND) {
		use.bytes = native_argument(regs, 2);
	} else if (nr == NR_MSGRCV) {
		use.operation = IO_READ;
		use.bytes = ret;
	}
	count_sysv(&use, sysv_class_of(nr), (int)native_argument(regs, 0));
	return 0;
}

/* Whether this object and process have a slot, and the object was announced. */
static __always_inline bool is_announced(struct task_struct *task, struct identity *identity)
{
	struct io_use use = {.pid = own(struct task_struct, task, tgid), .start = process_start(task)};
	__u32 index;
	struct io_slot *slot = io_near(io_key(&use, identity), &index);

	return slot && slot->announced == IO_ANNOUNCED;
}

/* The better variant: where BPF is a security module, the kernel passes the object itself, before the call uses it. At
 * the exit it may be gone, because another process has removed it. The object is stored for the exit, where the use is
 * counted, since it is not known yet whether the call succeeds. Always returns 0, so other modules decide. */
SEC("lsm/ipc_permission")
int BPF_PROG(ebtop_ipc_perm, struct kern_ipc_perm *object, short flag)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	struct identity identity = {.ino = object->id, .dev = BPF_CORE_READ(task, nsproxy, ipc_ns, ns.inum)};
	struct sysv_permitted *permitted;
	long nr = call_number(regs);

	if (!announce_objects || !is_wanted(task->tgid) || is_compat_call(task))
		return 0;
	if (class_of(WIRE_ABI_NATIVE, nr) != CALL_SYSV) /* shmget, semctl …: opening or querying is not a use */
		return 0;
	identity.gen = sysv_kind(sysv_class_of(nr));
	if (is_announced(task, &identity))
		return 0;
	permitted = bpf_task_storage_get(&sysv_permitted, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!permitted)
		return 0;
	read_sysv(&permitted->facts, object);
	permitted->id = (int)identity.ino;
	permitted->ns = identity.dev;
	permitted->kind = identity.gen;
	return 0;
}
