// SPDX-License-Identifier: GPL-2.0
// What page faults read from files: a program that maps a file makes no call for it.
#include "lib/io.bpf.h"
#include "lib/wanted.bpf.h"

/* A fault of user code: system calls have their number there, x86's entry of an exception stores -1. */
static __always_inline bool is_in_fault(struct task_struct *task)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);

	return !(task->flags & PF_KTHREAD) && call_number_core(regs) == -1;
}

/* Flags became a struct in 6.18. */
static __always_inline bool is_large(struct folio *folio)
{
	unsigned long flags;

	if (!bpf_core_enum_value_exists(enum pageflags, PG_head))
		return false;
	if (bpf_core_field_exists(struct folio___6_18, flags.f))
		flags = BPF_CORE_READ((struct folio___6_18 *)folio, flags.f);
	else
		flags = BPF_CORE_READ(folio, flags);
	return flags >> bpf_core_enum_value(enum pageflags, PG_head) & 1;
}

/* The fields of a large folio say how many pages it has: since 6.14 _nr_pages, before _folio_nr_pages. */
static __always_inline __u64 pages_of(struct folio *folio)
{
	if (!is_large(folio))
		return 1;
	if (bpf_core_field_exists(folio->_nr_pages))
		return BPF_CORE_READ(folio, _nr_pages);
	if (bpf_core_field_exists(struct folio___6_13, _folio_nr_pages))
		return BPF_CORE_READ((struct folio___6_13 *)folio, _folio_nr_pages);
	return 1;
}

/* Any mapping of the file names it. */
static __always_inline struct file *mapped_file(struct address_space *mapping)
{
	struct rb_node *node = BPF_CORE_READ(mapping, i_mmap.rb_root.rb_node);
	struct vm_area_struct *vma = (void *)node - bpf_core_field_offset(struct vm_area_struct, shared);

	return node ? BPF_CORE_READ(vma, vm_file) : NULL;
}

SEC("tp_btf/mm_filemap_add_to_page_cache")
int BPF_PROG(ebtop_mapped, struct folio *folio)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct io_use use = {.operation = IO_SIGHT};
	struct address_space *mapping;
	struct identity identity;
	struct io_slot *slot;
	struct file *file;
	__u32 index = 0;

	if (!is_wanted(task->tgid) || !is_in_fault(task))
		return 0;
	mapping = BPF_CORE_READ(folio, mapping);
	file = mapped_file(mapping);
	if (!file || (__u64)BPF_CORE_READ(file, f_mapping) != (__u64)mapping)
		return 0;
	use.file = file;
	use.pid = task->tgid;
	use.start = process_start(task);
	identify(file, &identity, false);
	slot = io_slot_of(&use, &identity, &index);
	if (!slot)
		return 0;
	__sync_fetch_and_add(&slot->counts.mapped_bytes, pages_of(folio) << page_shift);
	if (announce_objects && slot->announced == IO_NOT_ANNOUNCED)
		announce((__u64)file, index);
	return 0;
}
