// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/call-counters.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>

#include "bpf/needs.h"
#include "ebtop.skel.h"
#include "text-file.h"

namespace ebtop::bpf {
namespace {

uint32_t syscall_capacity_of(const SourceOptions &options)
{
	return options.concerns & needs_calls ? options.syscall_capacity : least_capacity;
}

bool has_latency(const SourceOptions &options)
{
	return options.latency && options.concerns & needs_calls;
}

uint32_t thread_ids()
{
	char buffer[32];
	uint64_t most = Cursor(read_file(AT_FDCWD, "/proc/sys/kernel/pid_max", buffer)).number();
	return most ? most + 1 : 4194304 + 1;
}

wire_latency latency_of(const wire_syscall &call)
{
	wire_latency record{};
	record.head = call.head;
	record.nr = call.nr;
	record.abi = call.abi;
	return record;
}

} // namespace

void CallCounters::configure(ebtop_bpf &object, const SourceOptions &options)
{
	uint32_t capacity = syscall_capacity_of(options);
	object.rodata->count_calls = options.concerns & needs_calls;
	object.rodata->measure_latency = has_latency(options);
	object.rodata->syscall_mask = capacity - 1;
	bpf_map__set_max_entries(object.maps.syscall_table, capacity);
	bpf_map__set_max_entries(object.maps.syscall_occupied, capacity / 64);
	bpf_map__set_max_entries(object.maps.syscall_owners, capacity);
	bpf_map__set_max_entries(object.maps.call_lines, libbpf_num_possible_cpus());
	if (has_latency(options)) {
		bpf_map__set_max_entries(object.maps.latency_table, capacity);
		bpf_map__set_max_entries(object.maps.entered, thread_ids());
	}
}

CallCounters::CallCounters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares)
	: slots_(TABLE_SYSCALL,
		 {bpf_map__fd(object.maps.syscall_table), bpf_map__fd(object.maps.syscall_occupied),
		  bpf_map__fd(object.maps.syscall_owners)},
		 syscall_capacity_of(options), shares),
	  lines_(bpf_map__fd(object.maps.call_lines), libbpf_num_possible_cpus(), syscall_capacity_of(options)),
	  retirement_(syscall_capacity_of(options))
{
	if (has_latency(options))
		latency_.emplace(bpf_map__fd(object.maps.latency_table), syscall_capacity_of(options));
}

void CallCounters::sweep(const Sweep &sweep)
{
	lines_.find();
	if (!sweep.is_only_exited)
		retirement_.finish(slots_, lines_, *this);
	slots_.sweep(
		sweep, [](const syscall_slot &slot) { return SYSCALL_KEY_PID(load(slot.key)); },
		[&](uint32_t, const SameKey &same, uint64_t sent, bool has_exited) {
			return report(sweep, same, sent, has_exited);
		});
}

// False if a CPU was changing it.
bool CallCounters::add_calls(const SameKey &same, bool has_exited, wire_syscall &record)
{
	for (uint32_t at : same) {
		uint64_t key = slots_[at].key;
		call_counts &counts = slots_[at].counts;
		auto into_slot = [&](const call_line &line) {
			__atomic_fetch_add(&counts.count, line.count, __ATOMIC_RELAXED);
			__atomic_fetch_add(&counts.errors, line.errors, __ATOMIC_RELAXED);
		};
		if (has_exited && !lines_.empty_into(at, key, into_slot))
			return false;
		auto add = [](call_counts &sum, const auto &from) {
			sum.count += load(from.count);
			sum.errors += load(from.errors);
		};
		auto sum = lines_.sum<call_counts>(
			at, key, [&](call_counts &s) { add(s, counts); }, add);
		if (!sum)
			return false;
		record.count += sum->count;
		record.errors += sum->errors;
	}
	return true;
}

std::optional<uint64_t> CallCounters::report(const Sweep &sweep, const SameKey &same, uint64_t sent, bool has_exited)
{
	uint32_t index = same.slots[0];
	uint64_t key = slots_[index].key;
	wire_syscall record = sweep.record_of<wire_syscall>(SYSCALL_KEY_PID(key), slots_[index].start);
	record.nr = SYSCALL_KEY_NR(key);
	record.abi = SYSCALL_KEY_ABI(key);
	if (!add_calls(same, has_exited, record))
		return std::nullopt;
	uint64_t sum = record.count + record.errors;
	if (sum != sent) {
		sweep.batch.append(WIRE_SYSCALL, record);
		retirement_.moved(index, sweep.now);
	} else if (!has_exited) {
		bool is_alone = same.count == 1 && !lines_.holds(index);
		bool is_idle = !sweep.is_only_exited && is_alone && retirement_.is_idle(index, sweep.now);
		return is_idle ? retire(sweep, index, record) : sum;
	}
	if (latency_)
		report_latency(sweep, record, same, has_exited);
	return sum;
}

// A latency slot is freed here, before the syscall slot of the same index can get a new owner.
void CallCounters::report_latency(const Sweep &sweep, const wire_syscall &call, const SameKey &same, bool has_exited)
{
	wire_latency record = latency_of(call);
	for (uint32_t at : same) {
		const latency_slot &slot = (*latency_)[at];
		record.total_ns += load(slot.total_ns);
		record.max_ns = std::max<uint64_t>(record.max_ns, load(slot.max_ns));
		for (uint32_t bucket = 0; bucket < WIRE_LATENCY_BUCKETS; bucket++)
			record.buckets[bucket] += load(slot.buckets[bucket]);
	}
	for (uint32_t count : record.buckets)
		record.count += count;
	if (record.count)
		sweep.batch.append(WIRE_LATENCY, record);
	if (has_exited)
		for (uint32_t at : same)
			(*latency_)[at] = {};
}

// The counters sent last are final; a record of zeros says that they restart from zero.
uint64_t CallCounters::retire(const Sweep &sweep, uint32_t index, wire_syscall &record)
{
	uint64_t sum = record.count + record.errors;
	Values sent = values(index);
	if (sent.calls.count + sent.calls.errors != sum)
		return sum; // they have changed meanwhile
	retirement_.hide(index, slots_[index].key, sent);
	if (latency_) {
		wire_latency latency = latency_of(record);
		latency.total_ns = sent.total_ns;
		latency.max_ns = load((*latency_)[index].max_ns);
		for (uint32_t bucket = 0; bucket < WIRE_LATENCY_BUCKETS; bucket++)
			latency.count += latency.buckets[bucket] = sent.buckets[bucket];
		sweep.batch.append(WIRE_LATENCY, latency);
		sweep.batch.append(WIRE_LATENCY, latency_of(record));
	}
	record.count = record.errors = 0;
	sweep.batch.append(WIRE_SYSCALL, record);
	return 0;
}

CallCounters::Values CallCounters::values(uint32_t index) const
{
	const call_counts &counts = slots_[index].counts;
	Values values{{load(counts.count), load(counts.errors)}, 0, {}};
	if (latency_) {
		const latency_slot &latency = (*latency_)[index];
		values.total_ns = load(latency.total_ns);
		for (uint32_t bucket = 0; bucket < WIRE_LATENCY_BUCKETS; bucket++)
			values.buckets[bucket] = load(latency.buckets[bucket]);
	}
	return values;
}

void CallCounters::subtract(uint32_t index, const Values &sent)
{
	call_counts &counts = slots_[index].counts;
	__atomic_fetch_sub(&counts.count, sent.calls.count, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&counts.errors, sent.calls.errors, __ATOMIC_RELAXED);
	if (!latency_)
		return;
	latency_slot &latency = (*latency_)[index];
	__atomic_fetch_sub(&latency.total_ns, sent.total_ns, __ATOMIC_RELAXED);
	for (uint32_t bucket = 0; bucket < WIRE_LATENCY_BUCKETS; bucket++)
		__atomic_fetch_sub(&latency.buckets[bucket], sent.buckets[bucket], __ATOMIC_RELAXED);
}

void CallCounters::release(uint32_t index)
{
	if (latency_)
		(*latency_)[index] = {};
	slots_.release(index);
}

} // namespace ebtop::bpf
