// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/births.h"

#include <bit>
#include <bpf/libbpf.h>

#include "append-map.h"
#include "bpf/needs.h"
#include "ebtop.skel.h"

namespace ebtop::bpf {
namespace {

// One pass may miss a descriptor that is handed over while it runs.
constexpr uint32_t passes_kept = 2;

uint32_t birth_capacity_of(const SourceOptions &options)
{
	return options.concerns & needs_objects ? options.birth_capacity : least_capacity;
}

} // namespace

void Births::configure(ebtop_bpf &object, const SourceOptions &options)
{
	uint32_t capacity = birth_capacity_of(options);

	object.rodata->birth_mask = capacity - 1;
	bpf_map__set_max_entries(object.maps.births, capacity);
	bpf_map__set_max_entries(object.maps.birth_occupied, capacity / 64);
}

Births::Births(const ebtop_bpf &object, Shares &shares)
	: object_(object), shares_(shares), slots_(bpf_map__fd(object.maps.births), object.rodata->birth_mask + 1),
	  occupied_(bpf_map__fd(object.maps.birth_occupied), (object.rodata->birth_mask + 1) / 64)
{
}

void Births::begin_pass()
{
	__atomic_fetch_add(&object_.bss->birth_pass, 1, __ATOMIC_RELAXED);
}

bool Births::is_gone(const birth_slot &slot) const
{
	return load(slot.number) && load(slot.pass) + passes_kept <= object_.bss->birth_pass;
}

void Births::end_pass()
{
	used_ = 0;
	for (uint32_t word = 0; word < occupied_.size(); word++) {
		for (uint64_t bits = load(occupied_[word]); bits; bits &= bits - 1) {
			uint32_t index = word * 64 + std::countr_zero(bits);
			if (is_gone(slots_[index]))
				release(index);
			else
				used_++;
		}
	}
}

// The occupied bit is cleared before the key: the next owner of the slot sets it again.
void Births::release(uint32_t index)
{
	birth_slot &slot = slots_[index];

	shares_.give_back(TABLE_BIRTH, slot.share);
	__atomic_store_n(&slot.number, 0, __ATOMIC_RELAXED);
	__atomic_fetch_and(&occupied_[index / 64], ~(1ull << (index & 63)), __ATOMIC_RELEASE);
	__atomic_store_n(&slot.key, 0, __ATOMIC_RELEASE);
}

void Births::append_map(Batch &batch) const
{
	ebtop::append_map(batch, "ipc-births", used_, slots_.size(), load(object_.bss->overflow[TABLE_BIRTH]));
}

} // namespace ebtop::bpf
