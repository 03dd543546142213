// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/shares.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>
#include <sys/random.h>

#include "append-map.h"
#include "ebtop.skel.h"

namespace ebtop::bpf {
namespace {

uint64_t odd_secret()
{
	uint64_t bits = 0;
	if (getrandom(&bits, sizeof(bits), 0) != sizeof(bits))
		throw SourceError("EBTOP_FAILED", std::string("No random numbers are available: ") + strerror(errno) + ".");
	return bits | 1;
}

} // namespace

void Shares::configure(ebtop_bpf &object, const SourceOptions &options)
{
	object.rodata->table_secret = odd_secret();
	object.rodata->share_mask = options.shares_capacity - 1;
	bpf_map__set_max_entries(object.maps.shares, options.shares_capacity);
}

Shares::Shares(const ebtop_bpf &object)
	: object_(object), secret_(object.rodata->table_secret),
	  slots_(bpf_map__fd(object.maps.shares), object.rodata->share_mask + 1)
{
}

void Shares::give_back(table_id table, uint32_t share)
{
	__atomic_fetch_sub(&slots_[share].used[table], 1, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&object_.bss->table_used[table], 1, __ATOMIC_RELAXED);
}

// A program may be about to add a slot to a share that is dropped here. The slot then counts against the next owner of the
// share, until it is freed.
void Shares::sweep()
{
	used_ = 0;
	for (uint32_t index = 0; index < slots_.size(); index++) {
		share_slot &share = slots_[index];
		if (!load(share.key))
			continue;
		if (std::ranges::all_of(share.used, [](const uint64_t &used) { return load(used) == 0; }))
			__atomic_store_n(&share.key, 0, __ATOMIC_RELEASE);
		else
			used_++;
	}
}

void Shares::append_map(Batch &batch) const
{
	ebtop::append_map(batch, "users", used_, slots_.size(), load(object_.bss->overflow[TABLE_SHARE]));
}

} // namespace ebtop::bpf
