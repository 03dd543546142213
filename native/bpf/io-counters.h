// SPDX-License-Identifier: GPL-2.0-only
// What each process did to each object: user space's side of bpf/lib/io.bpf.h.
#pragma once

#include <cstdint>
#include <optional>

#include "bpf/counter-table.h"
#include "bpf/cpu-lines.h"
#include "bpf/retirement.h"

struct ebtop_bpf;

namespace ebtop::bpf {

class IoCounters {
public:
	// Called before loading: sets the sizes of the maps, and whether they are needed.
	static void configure(ebtop_bpf &object, const SourceOptions &options);
	IoCounters(const ebtop_bpf &object, const SourceOptions &options, Shares &shares);

	// Like Counters::sweep().
	void sweep(const Sweep &sweep);
	uint64_t used() const { return slots_.used(); }
	uint64_t capacity() const { return slots_.capacity(); }

private:
	friend class Retirement<io_counts>;

	std::optional<uint64_t> report(const Sweep &sweep, const SameKey &same, uint64_t sent, bool has_exited);
	bool add(const SameKey &same, bool has_exited, wire_io &record);
	uint64_t retire(const Sweep &sweep, uint32_t index, wire_io &record, uint64_t sum);
	io_counts values(uint32_t index) const;
	void subtract(uint32_t index, const io_counts &sent);
	void release(uint32_t index) { slots_.release(index); }

	CounterTable<io_slot> slots_;
	CpuLines<io_lines> lines_;
	Retirement<io_counts> retirement_;
};

} // namespace ebtop::bpf
