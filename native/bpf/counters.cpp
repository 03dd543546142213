// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/counters.h"

#include "append-map.h"
#include "clock.h"
#include "ebtop.skel.h"

namespace ebtop::bpf {

void Counters::configure(ebtop_bpf &object, const SourceOptions &options)
{
	CallCounters::configure(object, options);
	IoCounters::configure(object, options);
}

Counters::Counters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares)
	: object_(object), calls_(object, options, shares), io_(object, options, shares), spill_(object, shares)
{
}

void Counters::sweep(Batch &batch, const ExitedProcesses &exited, bool is_only_exited)
{
	Sweep sweep{batch, boot_ns(), exited, is_only_exited};
	calls_.sweep(sweep);
	io_.sweep(sweep);
	const auto *overflow = object_.bss->overflow;
	if (load(overflow[TABLE_SYSCALL]) || load(overflow[TABLE_IO]) || load(overflow[TABLE_DISK]))
		spill_.sweep(sweep);
}

void Counters::append_maps(Batch &batch) const
{
	const auto *overflow = object_.bss->overflow;

	append_map(batch, "syscall", calls_.used(), calls_.capacity(), load(overflow[TABLE_SYSCALL]));
	append_map(batch, "io", io_.used(), io_.capacity(), load(overflow[TABLE_IO]));
	append_map(batch, "spill", spill_.used(), object_.rodata->spill_capacity, load(overflow[TABLE_SPILL]));
}

} // namespace ebtop::bpf
