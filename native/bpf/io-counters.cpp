// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/io-counters.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf/event-calls.h"
#include "bpf/needs.h"
#include "ebtop.skel.h"

namespace ebtop::bpf {
namespace {

uint32_t io_capacity_of(const SourceOptions &options)
{
	return options.concerns & needs_io ? options.io_capacity : least_capacity;
}

} // namespace

void IoCounters::configure(ebtop_bpf &object, const SourceOptions &options)
{
	uint32_t capacity = io_capacity_of(options);
	object.rodata->count_io = options.concerns & needs_io || has_call_events(options);
	object.rodata->announce_objects = options.concerns & needs_objects;
	object.rodata->io_mask = capacity - 1;
	bpf_map__set_max_entries(object.maps.io_table, capacity);
	bpf_map__set_max_entries(object.maps.io_occupied, capacity / 64);
	bpf_map__set_max_entries(object.maps.io_owners, capacity);
	bpf_map__set_max_entries(object.maps.io_lines, libbpf_num_possible_cpus());
}

IoCounters::IoCounters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares)
	: slots_(TABLE_IO,
		 {bpf_map__fd(object.maps.io_table), bpf_map__fd(object.maps.io_occupied), bpf_map__fd(object.maps.io_owners)},
		 io_capacity_of(options), shares),
	  lines_(bpf_map__fd(object.maps.io_lines), libbpf_num_possible_cpus(), io_capacity_of(options)),
	  retirement_(io_capacity_of(options))
{
}

void IoCounters::sweep(const Sweep &sweep)
{
	lines_.find();
	if (!sweep.is_only_exited)
		retirement_.finish(slots_, lines_, *this);
	slots_.sweep(
		sweep, [](const io_slot &slot) { return load(slot.is_ready) ? slot.pid : 0; },
		[&](uint32_t, const SameKey &same, uint64_t sent, bool has_exited) {
			return report(sweep, same, sent, has_exited);
		});
}

// False if a CPU was changing it.
bool IoCounters::add(const SameKey &same, bool has_exited, wire_io &record)
{
	for (uint32_t at : same) {
		uint64_t key = slots_[at].key;
		io_counts &counts = slots_[at].counts;
		auto into_slot = [&](const io_line &line) {
			__atomic_fetch_add(&counts.reads, line.reads, __ATOMIC_RELAXED);
			__atomic_fetch_add(&counts.writes, line.writes, __ATOMIC_RELAXED);
			__atomic_fetch_add(&counts.read_bytes, line.read_bytes, __ATOMIC_RELAXED);
			__atomic_fetch_add(&counts.write_bytes, line.write_bytes, __ATOMIC_RELAXED);
		};
		if (has_exited && !lines_.empty_into(at, key, into_slot))
			return false;
		struct Sum {
			uint64_t reads, writes, read_bytes, write_bytes;
		};
		auto add = [](Sum &sum, const auto &from) {
			sum.reads += load(from.reads);
			sum.writes += load(from.writes);
			sum.read_bytes += load(from.read_bytes);
			sum.write_bytes += load(from.write_bytes);
		};
		auto sum = lines_.sum<Sum>(
			at, key, [&](Sum &s) { add(s, counts); }, add);
		if (!sum)
			return false;
		record.opens += load(counts.opens);
		record.mapped_bytes += load(counts.mapped_bytes);
		record.reads += sum->reads;
		record.writes += sum->writes;
		record.read_bytes += sum->read_bytes;
		record.write_bytes += sum->write_bytes;
	}
	return true;
}

std::optional<uint64_t> IoCounters::report(const Sweep &sweep, const SameKey &same, uint64_t sent, bool has_exited)
{
	uint32_t index = same.slots[0];
	const io_slot &first = slots_[index];
	wire_io record = sweep.record_of<wire_io>(first.pid, first.start);
	record.slot = index;
	record.dev = first.dev;
	record.ino = first.ino;
	record.gen = first.gen;
	record.mode = first.mode;
	if (!add(same, has_exited, record))
		return std::nullopt;
	uint64_t sum =
		record.opens + record.reads + record.writes + record.read_bytes + record.write_bytes + record.mapped_bytes;
	if (sum != sent) {
		sweep.batch.append(WIRE_IO, record);
		retirement_.moved(index, sweep.now);
	} else if (!sweep.is_only_exited && !has_exited && same.count == 1 && !lines_.holds(index) &&
		   retirement_.is_idle(index, sweep.now)) {
		return retire(sweep, index, record, sum);
	}
	return sum;
}

// Sends the counters as they were when the slot was hidden, so that they may restart from zero.
uint64_t IoCounters::retire(const Sweep &sweep, uint32_t index, wire_io &record, uint64_t sum)
{
	io_counts sent = values(index);
	if (sent.opens + sent.reads + sent.writes + sent.read_bytes + sent.write_bytes + sent.mapped_bytes != sum)
		return sum; // they have changed meanwhile
	retirement_.hide(index, slots_[index].key, sent);
	record.flags = WIRE_IO_RETIRED;
	sweep.batch.append(WIRE_IO, record);
	return 0;
}

io_counts IoCounters::values(uint32_t index) const
{
	const io_counts &counts = slots_[index].counts;
	return {load(counts.opens),	 load(counts.reads),	   load(counts.writes),
		load(counts.read_bytes), load(counts.write_bytes), load(counts.mapped_bytes)};
}

void IoCounters::subtract(uint32_t index, const io_counts &sent)
{
	io_counts &counts = slots_[index].counts;
	__atomic_fetch_sub(&counts.opens, sent.opens, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&counts.reads, sent.reads, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&counts.writes, sent.writes, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&counts.read_bytes, sent.read_bytes, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&counts.write_bytes, sent.write_bytes, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&counts.mapped_bytes, sent.mapped_bytes, __ATOMIC_RELAXED);
}

} // namespace ebtop::bpf
