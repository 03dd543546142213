/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that a process shares with others: announced as a mapped object. */
#ifndef EBTOP_MAPPING_BPF_H
#define EBTOP_MAPPING_BPF_H

#include "object.bpf.h"
#include "sysv.bpf.h"
#include "task.bpf.h"

#define VM_SHARED 8

/* Memory of System V, POSIX, memfd and MAP_ANONYMOUS is a file of tmpfs or hugetlbfs; a mapped file on disk is not a
 * channel. */
static __always_inline bool is_shared_memory(struct file *file)
{
	unsigned long magic = BPF_CORE_READ(file, f_inode, i_sb, s_magic);

	return magic == TMPFS_MAGIC || magic == HUGETLBFS_MAGIC;
}

/* The file of a shmat has the segment's id as its inode number, and the namespace in its private data. */
static __always_inline void fill_sysv_mapping(struct wire_object *record, struct file *file)
{
	struct shm_file_data *data = peek(struct file, file, private_data);
	struct ipc_namespace *ns = BPF_CORE_READ(data, ns);
	int id = BPF_CORE_READ(data, id);

	record->dev = BPF_CORE_READ(ns, ns.inum);
	record->ino = id;
	record->mode = 0;
	record->name_len = 0;
	record->name_flags = 0;
	fill_sysv(record, ns, SYSV_SHM, id, NULL);
}

static __noinline __attribute__((unused)) int announce_mapping(struct task_struct *task, struct file *file)
{
	struct path_scratch *scratch = path_acquire();
	struct wire_object *record;

	if (!scratch) {
		count_lost(PROBE_IPC);
		return 0;
	}
	scratch->fs = peek(struct task_struct, task, fs);
	record = (void *)scratch->header;
	fill_object(scratch, file, WIRE_HOW_MAPPED);
	record->head.pid = BPF_CORE_READ(task, tgid);
	record->head.start = BPF_CORE_READ(task, group_leader, start_boottime);
	record->is_foreign = !is_wanted(record->head.pid);
	if (path_begins(scratch, "SYSV")) {
		fill_sysv_mapping(record, file);
		path_set(scratch, NULL, 0);
	}
	path_output(scratch, PROBE_IPC, record, sizeof(*record));
	path_release(scratch);
	return 0;
}

#endif
