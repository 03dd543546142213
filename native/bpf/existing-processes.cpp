// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/existing-processes.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

#include "program-text.h"
#include "shortage.h"
#include "text-file.h"

namespace ebtop::bpf {

ExistingProcesses::ExistingProcesses(bool no_args) : proc_(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), no_args_(no_args)
{
}

void ExistingProcesses::on_record(const wire_head &head)
{
	if (head.type == WIRE_FORK || head.type == WIRE_EXEC)
		known_[{head.pid, head.start}] = pass_ + 1; // the current pass may have been past it already
	else if (head.type == WIRE_EXIT)
		known_.erase({head.pid, head.start});
}

void ExistingProcesses::on_process(Batch &batch, const wire_process &process)
{
	auto [known, is_new] = known_.try_emplace({process.head.pid, process.head.start}, pass_);

	if (!is_new) {
		known->second = std::max(known->second, pass_);
		return;
	}
	if (process.flags & WIRE_PROCESS_KTHREAD || process.state == 'Z')
		return;
	// The pid may be reused by now: what is read between two equal start times belongs to the same process.
	Batch texts;
	append_exe(texts, proc_.get(), process.head);
	if (!no_args_)
		append_args(texts, proc_.get(), process.head);
	if (has_started_at(proc_.get(), process.head.pid, process.head.start)) {
		if (texts.size())
			memcpy(batch.grow(texts.size()), texts.data(), texts.size());
	} else if (is_shortage(errno)) {
		known_.erase(known); // the next pass tries again
	}
}

void ExistingProcesses::end_pass()
{
	std::erase_if(known_, [this](const auto &entry) { return entry.second < pass_; });
	pass_++;
}

} // namespace ebtop::bpf
