// SPDX-License-Identifier: GPL-2.0-only
// How often each process made each system call, and how long the calls took: user space's side of bpf/lib/count.bpf.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "bpf/counter-table.h"
#include "bpf/cpu-lines.h"
#include "bpf/retirement.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class CallCounters {
public:
	// Called before loading: sets the sizes of the maps, and whether they are needed.
	static void configure(ebtop_bpf &object, const SourceOptions &options);
	CallCounters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares);

	// Like Counters::sweep().
	void sweep(const Sweep &sweep);
	uint64_t used() const { return slots_.used(); }
	uint64_t capacity() const { return slots_.capacity(); }

private:
	// The values of one slot. The maximum of a latency slot is not among them, since maxima cannot be subtracted.
	struct Values {
		call_counts calls;
		uint64_t total_ns;
		std::array<uint32_t, WIRE_LATENCY_BUCKETS> buckets;
	};

	friend class Retirement<Values>;

	std::optional<uint64_t> report(const Sweep &sweep, const SameKey &same, uint64_t sent, bool has_exited);
	void report_latency(const Sweep &sweep, const wire_syscall &call, const SameKey &same, bool has_exited);
	bool add_calls(const SameKey &same, bool has_exited, wire_syscall &record);
	uint64_t retire(const Sweep &sweep, uint32_t index, wire_syscall &record);
	Values values(uint32_t index) const;
	void subtract(uint32_t index, const Values &sent);
	void release(uint32_t index);

	CounterTable<syscall_slot> slots_;
	CpuLines<call_lines> lines_;
	Retirement<Values> retirement_;
	std::optional<MappedArray<latency_slot>> latency_;
};

} // namespace ebtop::bpf
