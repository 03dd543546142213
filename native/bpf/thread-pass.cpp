// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/thread-pass.h"

#include "../source.h"
#include "bpf/iterator.h"

namespace ebtop::bpf {

ThreadPass::ThreadPass(bpf_program *program, int proc_dir)
	: link_(bpf_program__attach_iter(program, nullptr)), reported_(proc_dir)
{
	if (!link_)
		throw SourceError("EBTOP_UNSUPPORTED",
				  "The iterator over threads cannot be attached; run ebtop --probes to see why.");
}

ThreadPass::~ThreadPass()
{
	bpf_link__destroy(link_);
}

int ThreadPass::run(Batch &batch)
{
	int error = run_iterator(link_, bytes_);

	for (size_t at = 0; at + sizeof(wire_thread) <= bytes_.size(); at += sizeof(wire_thread)) {
		wire_thread thread;
		memcpy(&thread, bytes_.data() + at, sizeof(thread));
		reported_.add(thread);
	}
	reported_.end_pass(batch, !error);
	return error;
}

} // namespace ebtop::bpf
