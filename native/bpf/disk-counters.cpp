// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/disk-counters.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstring>

#include "append-map.h"
#include "bpf/needs.h"
#include "clock.h"
#include "ebtop.skel.h"

namespace ebtop::bpf {
namespace {

void add(const latency_slot &from, __u64 &total, __u64 &max, __u32 *buckets)
{
	total += load(from.total_ns);
	max = std::max<__u64>(max, load(from.max_ns));
	for (uint32_t bucket = 0; bucket < WIRE_LATENCY_BUCKETS; bucket++)
		buckets[bucket] += load(from.buckets[bucket]);
}

} // namespace

void DiskCounters::configure(ebtop_bpf &object, const SourceOptions &options)
{
	bool is_wanted = is_needed(options);
	uint32_t capacity = is_wanted ? options.disk_capacity : least_capacity;

	object.rodata->disk_mask = capacity - 1;
	object.rodata->send_requests = options.events & EVENT_DISK;
	bpf_map__set_max_entries(object.maps.disk_table, capacity);
	bpf_map__set_max_entries(object.maps.disk_occupied, capacity / 64);
	bpf_map__set_max_entries(object.maps.disk_owners, capacity);
	bpf_map__set_max_entries(object.maps.disk_requests, is_wanted ? options.disk_requests_capacity : 1);
	if (!is_wanted)
		bpf_map__set_max_entries(object.maps.dirtiers, 1);
}

DiskCounters::DiskCounters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares)
	: object_(object), slots_(TABLE_DISK,
				  {bpf_map__fd(object.maps.disk_table), bpf_map__fd(object.maps.disk_occupied),
				   bpf_map__fd(object.maps.disk_owners)},
				  options.disk_capacity, shares)
{
}

void DiskCounters::sweep(Batch &batch, const ExitedProcesses &exited, bool is_only_exited)
{
	Sweep sweep{batch, boot_ns(), exited, is_only_exited};
	if (!is_only_exited)
		in_flight_ = 0;
	slots_.sweep(
		sweep, [](const disk_slot &slot) { return load(slot.is_ready) ? slot.pid : 0; },
		[&](uint32_t, const SameKey &same, uint64_t sent, bool has_exited) {
			return report(sweep, same, sent, has_exited);
		});
}

// The slots of a dead process are not freed while it has requests in flight.
std::optional<uint64_t> DiskCounters::report(const Sweep &sweep, const SameKey &same, uint64_t sent, bool has_exited)
{
	const disk_slot &first = slots_[same.slots[0]];
	wire_disk record = sweep.record_of<wire_disk>(first.pid, first.start);
	uint64_t in_flight = 0;

	for (uint32_t at : same) {
		const disk_slot &slot = slots_[at];
		in_flight += load(slot.in_flight);
		record.count += load(slot.count);
		record.bytes += load(slot.bytes);
		add(slot.queued, record.queued_total_ns, record.queued_max_ns, record.queued_buckets);
		add(slot.served, record.served_total_ns, record.served_max_ns, record.served_buckets);
	}
	if (!sweep.is_only_exited)
		in_flight_ += in_flight;
	if (record.count != sent) {
		record.cgroup = first.cgroup;
		record.for_pid = first.for_pid;
		memcpy(record.for_comm, first.for_comm, sizeof(record.for_comm));
		record.dev = first.dev;
		record.operation = first.operation;
		memcpy(record.name, first.name, sizeof(record.name));
		sweep.batch.append(WIRE_DISK, record);
	}
	if (has_exited && in_flight)
		return std::nullopt;
	return record.count;
}

void DiskCounters::forget_requests()
{
	int requests = bpf_map__fd(object_.maps.disk_requests);
	uint64_t address;

	while (!bpf_map_get_next_key(requests, nullptr, &address) && !bpf_map_delete_elem(requests, &address))
		;
	for (uint32_t at = 0; at < slots_.capacity(); at++)
		if (load(slots_[at].in_flight))
			__atomic_store_n(&slots_[at].in_flight, 0, __ATOMIC_RELAXED);
}

void DiskCounters::append_maps(Batch &batch) const
{
	const auto *overflow = object_.bss->overflow;

	append_map(batch, "disk", slots_.used(), slots_.capacity(), load(overflow[TABLE_DISK]));
	append_map(batch, "disk-requests", in_flight_, bpf_map__max_entries(object_.maps.disk_requests),
		   load(overflow[TABLE_DISK_REQUEST]));
}

} // namespace ebtop::bpf
