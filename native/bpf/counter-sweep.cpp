// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/counter-sweep.h"

namespace ebtop::bpf {

CounterSweep::CounterSweep(const ebtop_bpf &object, const SourceOptions &options)
	: shares_(object), counters_(object, options, shares_)
{
	if (DiskCounters::is_needed(options))
		disk_.emplace(object, options, shares_);
	if (options.possible() & CONCERN_SCHED)
		sched_.emplace(object, options, shares_);
}

void CounterSweep::sweep(Batch &batch, bool is_only_exited)
{
	counters_.sweep(batch, exited_, is_only_exited);
	if (disk_)
		disk_->sweep(batch, exited_, is_only_exited);
	if (sched_)
		sched_->sweep(batch, exited_, is_only_exited);
	exited_.clear();
}

void CounterSweep::sweep(Batch &batch)
{
	sweep(batch, false);
	shares_.sweep();
}

void CounterSweep::forget_requests()
{
	if (disk_)
		disk_->forget_requests();
}

void CounterSweep::append_maps(Batch &batch) const
{
	counters_.append_maps(batch);
	if (disk_)
		disk_->append_maps(batch);
	if (sched_)
		sched_->append_maps(batch);
	shares_.append_map(batch);
}

} // namespace ebtop::bpf
