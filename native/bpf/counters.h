// SPDX-License-Identifier: GPL-2.0-only
// All counters that the kernel side keeps: system calls, their latency, I/O, and what found no room.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "bpf/counter-table.h"
#include "bpf/cpu-lines.h"
#include "bpf/retirement.h"
#include "bpf/spill.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class Counters {
public:
	// Before loading: sizes the maps and says which of them anybody wants.
	static void configure(ebtop_bpf &object, const SourceOptions &options);
	Counters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares);

	// Appends what changed since the last sweep; gives back the slots of the departed after their last values.
	// Between refreshes (is_only_departed) only those are looked at.
	void sweep(Batch &batch, const Departed &departed, bool is_only_departed);
	// A WIRE_MAP for each.
	void append_maps(Batch &batch) const;

private:
	std::optional<uint64_t> report_syscall(const Sweep &sweep, const SameKey &same, uint64_t sent, bool has_departed);
	void report_latency(const Sweep &sweep, const wire_syscall &call, const SameKey &same, bool has_departed);
	bool add_calls(const SameKey &same, bool has_departed, wire_syscall &record);
	std::optional<uint64_t> report_io(const Sweep &sweep, uint32_t index, const SameKey &same, uint64_t sent,
					  bool has_departed);
	bool add_io(const SameKey &same, bool has_departed, wire_io &record);
	uint64_t retire_io(const Sweep &sweep, uint32_t index, wire_io &record, uint64_t sum);

	const ebtop_bpf &object_;
	CounterTable<syscall_slot> syscalls_;
	CounterTable<io_slot> io_;
	CpuLines<call_lines> call_lines_;
	CpuLines<io_lines> io_lines_;
	Retirement retirement_; // of io_
	uint32_t patience_ = 0;
	std::optional<MappedArray<latency_slot>> latency_;
	Spill spill_;
};

} // namespace ebtop::bpf
