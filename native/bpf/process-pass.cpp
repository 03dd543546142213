// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/process-pass.h"

#include "append-pass.h"
#include "clock.h"
#include "program-text.h"

namespace ebtop::bpf {
namespace {

// After this many passes all processes are sent again, so that no error lasts.
constexpr uint64_t passes_between_full = 32;

} // namespace

ProcessPass::ProcessPass(bpf_program *program, const SourceOptions &options, bool is_everybody_wanted, Names &names,
			 Peers &peers, ExitedProcesses &exited)
	: is_everybody_wanted_(is_everybody_wanted), names_(names), peers_(peers), exited_(exited), tasks_(program),
	  existing_(options.no_args), titles_(existing_.proc_dir(), options.no_args)
{
}

void ProcessPass::on_record(const wire_head &head)
{
	existing_.on_record(head);
	if (head.type == WIRE_EXIT) {
		reported_.on_exit(head);
		titles_.on_exit(head);
	} else if (head.type == WIRE_FORK || head.type == WIRE_EXEC) {
		titles_.on_awake(head);
	} else if (head.type == WIRE_ARGS) {
		auto &text = reinterpret_cast<const wire_text &>(head);
		if (text.offset == 0)
			titles_.on_args(head, text_of(text));
	}
}

void ProcessPass::align(wire_head &record) const
{
	if (proc_only_)
		proc_only_->align(record);
}

void ProcessPass::notice_loss(probe_id probe)
{
	has_losses_ = true;
	has_lost_exits_ |= probe == PROBE_EXIT;
	if (probe == PROBE_EXEC || probe == PROBE_FORK)
		existing_.distrust();
}

int ProcessPass::run(Batch &batch)
{
	uint64_t began = boot_ns();
	// Peers of wanted processes come and go without events.
	bool is_full = has_losses_ || !is_everybody_wanted_ || passes_ % passes_between_full == 0;
	bool is_looking_for_hidden = is_everybody_wanted_ && !proc_only_;
	bool is_asked_for = passes_ == 0 || has_lost_exits_ || is_looking_for_hidden;
	auto on_process = [&](const wire_process &process) {
		if (is_asked_for && !(process.flags & WIRE_PROCESS_FOREIGN))
			met_[process.head.pid] = process.head.start;
		visit(batch, process);
	};

	passes_++;
	now_.clear();
	met_.clear();
	if (is_full) {
		reported_.forget();
		append_pass(batch, WIRE_PASS_PROCESSES, false);
	}
	reported_.begin_pass();
	if (int error = tasks_.run(on_process)) {
		has_losses_ = true; // the pass has no end, so no process is taken for gone; the next pass is a full one
		return error;
	}
	if (is_looking_for_hidden)
		proc_only_.emplace().find(met_, began);
	if (proc_only_)
		proc_only_->visit(batch, names_, on_process);
	networks_.swap(now_);
	reported_.end_pass(batch, boot_ns());
	titles_.append(batch);
	if (is_full)
		append_pass(batch, WIRE_PASS_PROCESSES, true);
	existing_.end_pass();
	peers_.end_process_pass();
	if (has_lost_exits_)
		exited_.release_except({met_.begin(), met_.end()}, began);
	has_losses_ = has_lost_exits_ = false;
	return 0;
}

void ProcessPass::visit(Batch &batch, const wire_process &process)
{
	bool has_run = reported_.report(batch, process);
	add_inhabitant(now_, process.ns_net, {process.head.pid, process.holder});
	if (!is_everybody_wanted_)
		peers_.on_process(process);
	if (process.flags & WIRE_PROCESS_FOREIGN)
		return;
	names_.user(process.uid);
	existing_.on_process(batch, process);
	if (has_run && !(process.flags & WIRE_PROCESS_KTHREAD) && process.state != 'Z')
		titles_.on_awake(process.head);
}

} // namespace ebtop::bpf
