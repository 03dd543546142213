// SPDX-License-Identifier: GPL-2.0-only
// User space's side of bpf/lib/birth.bpf.h: frees the numbers of eventfds and terminals that are gone.
#pragma once

#include <cstdint>

#include "batch.h"
#include "bpf/mapped-array.h"
#include "bpf/shares.h"
#include "source.h"

extern "C" {
#include "tables.h"
}

struct ebtop_bpf;

namespace ebtop::bpf {

class Births {
public:
	static void configure(ebtop_bpf &object, const SourceOptions &options);

	Births(const ebtop_bpf &object, Shares &shares);

	// Around a pass over all descriptors, which finds everything that is open.
	void begin_pass();
	void end_pass();
	// How full the table is.
	void append_map(Batch &batch) const;

private:
	bool is_gone(const birth_slot &slot) const;
	void release(uint32_t index);

	const ebtop_bpf &object_;
	Shares &shares_;
	MappedArray<birth_slot> slots_;
	MappedArray<uint64_t> occupied_;
	uint64_t used_ = 0;
};

} // namespace ebtop::bpf
