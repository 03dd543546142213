// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/counters.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>
#include <fcntl.h>

#include "append-map.h"
#include "bpf/event-calls.h"
#include "bpf/needs.h"
#include "clock.h"
#include "ebtop.skel.h"
#include "text-file.h"

namespace ebtop::bpf {
namespace {

constexpr uint32_t least_capacity = 64;

uint32_t syscall_capacity(const SourceOptions &options)
{
	return options.concerns & needs_calls ? options.syscall_capacity : least_capacity;
}

uint32_t io_capacity(const SourceOptions &options)
{
	return options.concerns & needs_io ? options.io_capacity : least_capacity;
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

} // namespace

void Counters::configure(ebtop_bpf &object, const SourceOptions &options)
{
	uint32_t calls = syscall_capacity(options), io = io_capacity(options);
	object.rodata->count_calls = options.concerns & needs_calls;
	object.rodata->count_io = options.concerns & needs_io || has_call_events(options);
	object.rodata->announce_objects = options.concerns & needs_objects;
	object.rodata->measure_latency = has_latency(options);
	object.rodata->syscall_mask = calls - 1;
	object.rodata->io_mask = io - 1;
	bpf_map__set_max_entries(object.maps.syscall_table, calls);
	bpf_map__set_max_entries(object.maps.syscall_occupied, calls / 64);
	bpf_map__set_max_entries(object.maps.syscall_owners, calls);
	bpf_map__set_max_entries(object.maps.io_table, io);
	bpf_map__set_max_entries(object.maps.io_occupied, io / 64);
	bpf_map__set_max_entries(object.maps.io_owners, io);
	bpf_map__set_max_entries(object.maps.call_lines, libbpf_num_possible_cpus());
	bpf_map__set_max_entries(object.maps.io_lines, libbpf_num_possible_cpus());
	if (has_latency(options)) {
		bpf_map__set_max_entries(object.maps.latency_table, calls);
		bpf_map__set_max_entries(object.maps.entered, thread_ids());
	}
}

Counters::Counters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares)
	: object_(object), syscalls_(TABLE_SYSCALL,
				     {bpf_map__fd(object.maps.syscall_table), bpf_map__fd(object.maps.syscall_occupied),
				      bpf_map__fd(object.maps.syscall_owners)},
				     syscall_capacity(options), shares),
	  io_(TABLE_IO,
	      {bpf_map__fd(object.maps.io_table), bpf_map__fd(object.maps.io_occupied), bpf_map__fd(object.maps.io_owners)},
	      io_capacity(options), shares),
	  call_lines_(bpf_map__fd(object.maps.call_lines), libbpf_num_possible_cpus(), syscall_capacity(options)),
	  io_lines_(bpf_map__fd(object.maps.io_lines), libbpf_num_possible_cpus(), io_capacity(options)),
	  retirement_(io_capacity(options)), spill_(object, shares)
{
	if (has_latency(options))
		latency_.emplace(bpf_map__fd(object.maps.latency_table), syscall_capacity(options));
}

void Counters::sweep(Batch &batch, const Departed &departed, bool is_only_departed)
{
	Sweep sweep{batch, boot_ns(), departed, is_only_departed};
	call_lines_.find();
	io_lines_.find();
	syscalls_.sweep(
		sweep, [](const syscall_slot &slot) { return SYSCALL_KEY_PID(load(slot.key)); },
		[&](uint32_t, const SameKey &same, uint64_t sent, bool has_departed) {
			return report_syscall(sweep, same, sent, has_departed);
		});
	if (!is_only_departed) {
		retirement_.finish(
			io_, [&](uint32_t index) { return io_lines_.holds(index); },
			[&](uint32_t index) { io_.release(index); }, [&](uint32_t index) { io_.revive(index); });
		patience_ = Retirement::patience(io_.used(), io_.capacity());
	}
	io_.sweep(
		sweep, [](const io_slot &slot) { return load(slot.is_ready) ? slot.pid : 0; },
		[&](uint32_t index, const SameKey &same, uint64_t sent, bool has_departed) {
			return report_io(sweep, index, same, sent, has_departed);
		});
	const auto *overflow = object_.bss->overflow;
	if (load(overflow[TABLE_SYSCALL]) || load(overflow[TABLE_IO]) || load(overflow[TABLE_DISK]))
		spill_.sweep(sweep);
}

// False where a CPU was at work on it.
bool Counters::add_calls(const SameKey &same, bool has_departed, wire_syscall &record)
{
	for (uint32_t at : same) {
		syscall_slot &slot = syscalls_[at];
		auto into_slot = [&](const call_line &line) {
			__atomic_fetch_add(&slot.count, line.count, __ATOMIC_RELAXED);
			__atomic_fetch_add(&slot.errors, line.errors, __ATOMIC_RELAXED);
		};
		if (has_departed && !call_lines_.empty_into(at, slot.key, into_slot))
			return false;
		struct Sum {
			uint64_t count, errors;
		};
		auto sum = call_lines_.sum<Sum>(
			at, slot.key, [&](Sum &s) { s.count += load(slot.count), s.errors += load(slot.errors); },
			[&](Sum &s, const call_line &line) { s.count += load(line.count), s.errors += load(line.errors); });
		if (!sum)
			return false;
		record.count += sum->count;
		record.errors += sum->errors;
	}
	return true;
}

std::optional<uint64_t> Counters::report_syscall(const Sweep &sweep, const SameKey &same, uint64_t sent, bool has_departed)
{
	uint64_t key = syscalls_[same.slots[0]].key;
	wire_syscall record{};
	record.head.pid = SYSCALL_KEY_PID(key);
	record.head.start = syscalls_[same.slots[0]].start;
	record.head.time = sweep.now;
	record.nr = SYSCALL_KEY_NR(key);
	record.abi = SYSCALL_KEY_ABI(key);
	if (!add_calls(same, has_departed, record))
		return std::nullopt;
	if (record.count + record.errors == sent && !has_departed)
		return sent;
	if (record.count + record.errors != sent)
		sweep.batch.append(WIRE_SYSCALL, record);
	if (latency_)
		report_latency(sweep, record, same, has_departed);
	return record.count + record.errors;
}

// A latency slot is given back here, before the syscall slot of the same index can get a new owner.
void Counters::report_latency(const Sweep &sweep, const wire_syscall &call, const SameKey &same, bool has_departed)
{
	wire_latency record{};
	record.head = call.head;
	record.nr = call.nr;
	record.abi = call.abi;
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
	if (has_departed)
		for (uint32_t at : same)
			(*latency_)[at] = {};
}

// False where a CPU was at work on it.
bool Counters::add_io(const SameKey &same, bool has_departed, wire_io &record)
{
	for (uint32_t at : same) {
		io_slot &slot = io_[at];
		auto into_slot = [&](const io_line &line) {
			__atomic_fetch_add(&slot.reads, line.reads, __ATOMIC_RELAXED);
			__atomic_fetch_add(&slot.writes, line.writes, __ATOMIC_RELAXED);
			__atomic_fetch_add(&slot.read_bytes, line.read_bytes, __ATOMIC_RELAXED);
			__atomic_fetch_add(&slot.write_bytes, line.write_bytes, __ATOMIC_RELAXED);
		};
		if (has_departed && !io_lines_.empty_into(at, slot.key, into_slot))
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
		auto sum = io_lines_.sum<Sum>(
			at, slot.key, [&](Sum &s) { add(s, slot); }, add);
		if (!sum)
			return false;
		record.opens += load(slot.opens);
		record.reads += sum->reads;
		record.writes += sum->writes;
		record.read_bytes += sum->read_bytes;
		record.write_bytes += sum->write_bytes;
	}
	return true;
}

std::optional<uint64_t> Counters::report_io(const Sweep &sweep, uint32_t index, const SameKey &same, uint64_t sent,
					    bool has_departed)
{
	const io_slot &first = io_[index];
	wire_io record{};
	record.head.pid = first.pid;
	record.head.start = first.start;
	record.head.time = sweep.now;
	record.slot = index;
	record.dev = first.dev;
	record.ino = first.ino;
	record.gen = first.gen;
	record.mode = first.mode;
	if (!add_io(same, has_departed, record))
		return std::nullopt;
	uint64_t sum = record.opens + record.reads + record.writes + record.read_bytes + record.write_bytes;
	if (sum != sent) {
		sweep.batch.append(WIRE_IO, record);
		retirement_.moved(index, sweep.now);
	} else if (!sweep.is_only_departed && !has_departed && same.count == 1 && !io_lines_.holds(index) &&
		   retirement_.is_idle(index, sweep.now, patience_)) {
		return retire_io(sweep, index, record, sum);
	}
	return sum;
}

// Tells the counters as they were when the slot was hidden, so that the next ones may begin anew.
uint64_t Counters::retire_io(const Sweep &sweep, uint32_t index, wire_io &record, uint64_t sum)
{
	if (!retirement_.hide(io_[index], index, sum))
		return sum;
	record.flags = WIRE_IO_RETIRED;
	sweep.batch.append(WIRE_IO, record);
	return 0;
}

void Counters::append_maps(Batch &batch) const
{
	const auto *overflow = object_.bss->overflow;

	append_map(batch, "syscall", syscalls_.used(), syscalls_.capacity(), load(overflow[TABLE_SYSCALL]));
	append_map(batch, "io", io_.used(), io_.capacity(), load(overflow[TABLE_IO]));
	append_map(batch, "spill", spill_.used(), object_.rodata->spill_capacity, load(overflow[TABLE_SPILL]));
}

} // namespace ebtop::bpf
