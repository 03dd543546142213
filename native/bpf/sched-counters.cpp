// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/sched-counters.h"

#include <algorithm>
#include <bpf/libbpf.h>

#include "append-map.h"
#include "bpf/iterator.h"
#include "clock.h"
#include "ebtop.skel.h"

namespace ebtop::bpf {
namespace {

constexpr uint32_t least_capacity = 64;

} // namespace

void SchedCounters::configure(ebtop_bpf &object, const SourceOptions &options)
{
	uint32_t capacity = options.possible() & CONCERN_SCHED ? options.sched_capacity : least_capacity;

	object.rodata->sched_mask = capacity - 1;
	bpf_map__set_max_entries(object.maps.sched_table, capacity);
	bpf_map__set_max_entries(object.maps.sched_occupied, capacity / 64);
	bpf_map__set_max_entries(object.maps.sched_owners, capacity);
}

SchedCounters::SchedCounters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares)
	: object_(object), slots_(TABLE_SCHED,
				  {bpf_map__fd(object.maps.sched_table), bpf_map__fd(object.maps.sched_occupied),
				   bpf_map__fd(object.maps.sched_owners)},
				  options.sched_capacity, shares),
	  places_(bpf_program__attach_iter(object.progs.ebtop_run_places, nullptr))
{
	if (!places_)
		throw SourceError("EBTOP_UNSUPPORTED",
				  "The iterator over threads cannot be attached; run ebtop --probes to see why.");
}

SchedCounters::~SchedCounters()
{
	bpf_link__destroy(places_);
}

int SchedCounters::make_places()
{
	return run_iterator(places_, bytes_);
}

void SchedCounters::sweep(Batch &batch, const ExitedProcesses &exited, bool is_only_exited)
{
	Sweep sweep{batch, boot_ns(), exited, is_only_exited};

	slots_.sweep(
		sweep, [](const sched_slot &slot) { return load(slot.turns) ? slot.pid : 0; },
		[&](uint32_t, const SameKey &same, uint64_t sent, bool) { return report(sweep, same, sent); });
}

uint64_t SchedCounters::report(const Sweep &sweep, const SameKey &same, uint64_t sent) const
{
	const sched_slot &first = slots_[same.slots[0]];
	wire_sched record{};
	uint64_t turns = 0;

	for (uint32_t at : same) {
		const sched_slot &slot = slots_[at];
		turns += load(slot.turns);
		record.run_ns += load(slot.run_ns);
		record.voluntary += load(slot.voluntary);
		record.involuntary += load(slot.involuntary);
		record.wait_total_ns += load(slot.wait_ns);
		record.wait_max_ns = std::max<__u64>(record.wait_max_ns, load(slot.max_wait_ns));
		for (uint32_t bucket = 0; bucket < WIRE_LATENCY_BUCKETS; bucket++)
			record.wait_buckets[bucket] += load(slot.waits[bucket]);
	}
	if (turns == sent)
		return sent;
	record.head.pid = first.pid;
	record.head.start = first.start;
	record.head.time = sweep.now;
	record.cpu = first.cpu;
	sweep.batch.append(WIRE_SCHED, record);
	return turns;
}

void SchedCounters::append_map(Batch &batch) const
{
	ebtop::append_map(batch, "sched", slots_.used(), slots_.capacity(), load(object_.bss->overflow[TABLE_SCHED]));
}

} // namespace ebtop::bpf
