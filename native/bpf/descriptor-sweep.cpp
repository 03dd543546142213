// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/descriptor-sweep.h"

#include "append-pass.h"
#include "ebtop.skel.h"

namespace ebtop::bpf {

DescriptorSweep::DescriptorSweep(const ebtop_bpf &object, Shares &shares, OtherEnds &others, ProbeHealth &health)
	: pass_(object.progs.ebtop_objects), births_(object, shares), others_(others), health_(health)
{
}

void DescriptorSweep::run(Batch &batch, bool has_losses, bool is_first)
{
	Peers &peers = others_.peers;

	is_repair_due_ |= has_losses;
	bool is_news_due = peers.has_news() && (is_first || pass_.may_repeat());
	if (!pass_.is_due(is_repair_due_) && !is_news_due)
		return;
	append_pass(batch, WIRE_PASS_OBJECTS, false);
	births_.begin_pass();
	peers.begin_object_pass();
	int error = pass_.run(batch, [&](const wire_object &object) { others_.on_object(batch, object); });
	health_.report_broken_pass("file", "open files", error);
	if (error)
		return;
	append_pass(batch, WIRE_PASS_OBJECTS, true);
	births_.end_pass();
	peers.end_object_pass();
	is_repair_due_ = false;
}

void DescriptorSweep::run_for_news(Batch &batch, bool is_first)
{
	if (others_.peers.has_news())
		run(batch, false, is_first);
}

} // namespace ebtop::bpf
