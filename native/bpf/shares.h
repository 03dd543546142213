// SPDX-License-Identifier: GPL-2.0-only
// User space's side of bpf/lib/share.bpf.h: how much of the tables each user has, and the secret of their hash.
#pragma once

#include <cstdint>

#include "batch.h"
#include "bpf/mapped-array.h"
#include "source.h"

extern "C" {
#include "tables.h"
}

struct ebtop_bpf;

namespace ebtop::bpf {

class Shares {
public:
	// Throws SourceError EBTOP_FAILED if there are no random numbers.
	static void configure(ebtop_bpf &object, const SourceOptions &options);
	explicit Shares(const ebtop_bpf &object);

	uint32_t hash(uint64_t key) const { return table_hash(key, secret_); }
	// A slot of the table that counted against this share is free again.
	void give_back(table_id table, uint32_t share);
	// Drops the users who have nothing.
	void sweep();
	// How many users there are.
	void append_map(Batch &batch) const;

private:
	const ebtop_bpf &object_;
	uint64_t secret_;
	MappedArray<share_slot> slots_;
	uint64_t used_ = 0;
};

} // namespace ebtop::bpf
