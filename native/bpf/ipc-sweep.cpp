// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/ipc-sweep.h"

#include "append-pass.h"
#include "ebtop.skel.h"

namespace ebtop::bpf {

IpcSweep::IpcSweep(const ebtop_bpf &object, NetVisitor &visitor, Ring &ring, OtherEnds &others, ProbeHealth &health)
	: is_filtered_(object.rodata->only_wanted), addresses_(object.maps.own_addresses, visitor), ring_(ring),
	  others_(others), health_(health)
{
}

void IpcSweep::set_mappings(bpf_program *iterator)
{
	if (iterator && !mappings_)
		mappings_.emplace(iterator);
}

void IpcSweep::run(Batch &batch, const ProcessPass &processes, bool is_first)
{
	addresses_.refresh(processes.networks());
	if (is_first)
		skipped_ = append_sysv_users(batch, processes.met(),
					     [&](const wire_object &object) { others_.on_object(batch, object); });
	if (is_filtered_)
		skipped_ = others_.sysv.append(batch, others_.peers);
	health_.say("sysv", skipped_.about());
	if (!mappings_ || !mappings_->is_due())
		return;
	pass_mappings(batch);
	// These mappings of wanted processes are new: a second pass looks for other processes that share them.
	if (is_first && is_filtered_)
		pass_mappings(batch);
}

// The records of the pass come through the ring.
void IpcSweep::pass_mappings(Batch &batch)
{
	ring_.drain();
	append_pass(batch, WIRE_PASS_MAPPINGS, false);
	int error = mappings_->run();
	health_.report_broken_pass("mapping", "memory mappings", error);
	ring_.drain();
	if (!error)
		append_pass(batch, WIRE_PASS_MAPPINGS, true);
}

} // namespace ebtop::bpf
