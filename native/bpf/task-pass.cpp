// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/task-pass.h"

#include "bpf/iterator.h"
#include "../source.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

TaskPass::TaskPass(bpf_program *program) : link_(bpf_program__attach_iter(program, nullptr))
{
	if (!link_)
		throw SourceError("EBTOP_UNSUPPORTED", "The task iterator cannot be attached; run ebtop --probes to see why.");
}

TaskPass::~TaskPass()
{
	bpf_link__destroy(link_);
}

int TaskPass::run(const std::function<void(const wire_process &)> &each)
{
	int error = run_iterator(link_, bytes_);

	thread_ns_.clear();
	for (size_t at = 0; at + sizeof(wire_head) <= bytes_.size();) {
		auto *head = reinterpret_cast<const wire_head *>(bytes_.data() + at);
		if (head->type == WIRE_NONE)
			thread_ns_[head->pid] += reinterpret_cast<const thread_cpu *>(head)->cpu_ns;
		at += head->size;
	}
	for (size_t at = 0; at + sizeof(wire_head) <= bytes_.size();) {
		auto *process = reinterpret_cast<wire_process *>(bytes_.data() + at);
		at += process->head.size;
		if (process->head.type != WIRE_PROCESS)
			continue;
		if (auto threads = thread_ns_.find(process->head.pid); threads != thread_ns_.end())
			process->cpu_ns += threads->second;
		each(*process);
	}
	return error;
}

} // namespace ebtop::bpf
