// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/sched-counters.h"

#include <algorithm>
#include <bpf/libbpf.h>
#include <cstring>

#include "append-map.h"
#include "bpf/iterator.h"
#include "bpf/needs.h"
#include "clock.h"
#include "ebtop.skel.h"

namespace ebtop::bpf {

void SchedCounters::configure(ebtop_bpf &object, const SourceOptions &options)
{
	bool is_possible = options.possible() & CONCERN_SCHED;
	uint32_t capacity = is_possible ? options.sched_capacity : least_capacity;
	uint32_t wakes = is_possible ? options.wake_capacity : least_capacity;

	object.rodata->sched_mask = capacity - 1;
	bpf_map__set_max_entries(object.maps.sched_table, capacity);
	bpf_map__set_max_entries(object.maps.sched_occupied, capacity / 64);
	bpf_map__set_max_entries(object.maps.sched_owners, capacity);
	object.rodata->wake_mask = wakes - 1;
	bpf_map__set_max_entries(object.maps.wake_table, wakes);
	bpf_map__set_max_entries(object.maps.wake_occupied, wakes / 64);
	bpf_map__set_max_entries(object.maps.wake_owners, wakes);
}

SchedCounters::SchedCounters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares)
	: object_(object), slots_(TABLE_SCHED,
				  {bpf_map__fd(object.maps.sched_table), bpf_map__fd(object.maps.sched_occupied),
				   bpf_map__fd(object.maps.sched_owners)},
				  options.sched_capacity, shares),
	  wakes_(TABLE_WAKE,
		 {bpf_map__fd(object.maps.wake_table), bpf_map__fd(object.maps.wake_occupied),
		  bpf_map__fd(object.maps.wake_owners)},
		 options.wake_capacity, shares)
{
}

SchedCounters::~SchedCounters()
{
	bpf_link__destroy(places_);
}

int SchedCounters::make_places(bpf_program *iterator)
{
	if (!places_)
		places_ = bpf_program__attach_iter(iterator, nullptr);
	if (!places_)
		return errno;
	return run_iterator(places_, bytes_);
}

void SchedCounters::sweep(Batch &batch, const ExitedProcesses &exited, bool is_only_exited)
{
	Sweep sweep{batch, boot_ns(), exited, is_only_exited};

	slots_.sweep(
		sweep, [](const sched_slot &slot) { return load(slot.turns) ? slot.pid : 0; },
		[&](uint32_t, const SameKey &same, uint64_t sent, bool) { return report(sweep, same, sent); });
	wakes_.sweep(
		sweep, [](const wake_slot &slot) { return load(slot.count) ? slot.pid : 0; },
		[&](uint32_t, const SameKey &same, uint64_t sent, bool) { return report_wakes(sweep, same, sent); },
		[&](const wake_slot &slot) { return slot.waker_pid && exited.contains(slot.waker_pid, slot.waker_start); });
}

uint64_t SchedCounters::report_wakes(const Sweep &sweep, const SameKey &same, uint64_t sent) const
{
	const wake_slot &first = wakes_[same.slots[0]];
	wire_wake record = sweep.record_of<wire_wake>(first.pid, first.start);
	uint64_t count = 0;

	for (uint32_t at : same)
		count += load(wakes_[at].count);
	if (count == sent)
		return sent;
	record.waker_pid = first.waker_pid;
	record.waker_start = first.waker_start;
	record.waker = first.waker;
	memcpy(record.waker_comm, first.waker_comm, sizeof(record.waker_comm));
	record.count = count - sent;
	sweep.batch.append(WIRE_WAKE, record);
	return count;
}

uint64_t SchedCounters::report(const Sweep &sweep, const SameKey &same, uint64_t sent) const
{
	const sched_slot &first = slots_[same.slots[0]];
	wire_sched record = sweep.record_of<wire_sched>(first.pid, first.start);
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
	record.cpu = first.cpu;
	sweep.batch.append(WIRE_SCHED, record);
	return turns;
}

void SchedCounters::append_maps(Batch &batch) const
{
	append_map(batch, "sched", slots_.used(), slots_.capacity(), load(object_.bss->overflow[TABLE_SCHED]));
	append_map(batch, "wakes", wakes_.used(), wakes_.capacity(), load(object_.bss->overflow[TABLE_WAKE]));
}

} // namespace ebtop::bpf
