// SPDX-License-Identifier: GPL-2.0-only
// User space's side of a lock-free table (bpf/lib/tables.h): walks the slots in use and frees those of dead processes.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "batch.h"
#include "bpf/exited.h"
#include "bpf/mapped-array.h"
#include "bpf/shares.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

// One walk over the tables.
struct Sweep {
	Batch &batch;
	uint64_t now;
	const ExitedProcesses &exited;
	bool is_only_exited; // between refreshes: slots of living processes wait

	// An empty record of the process, with the time of this walk.
	template <class Record> Record record_of(uint32_t pid, uint64_t start) const
	{
		Record record{};
		record.head.pid = pid;
		record.head.start = start;
		record.head.time = now;
		return record;
	}
};

// All slots with the same key. Two threads may each have claimed one: their sum counts, and the first reports it.
struct SameKey {
	uint32_t slots[TABLE_WINDOW];
	uint32_t count = 0;

	const uint32_t *begin() const { return slots; }
	const uint32_t *end() const { return slots + count; }
};

template <class Slot> class CounterTable {
public:
	struct Maps {
		int slots, occupied, owners;
	};
	CounterTable(table_id id, const Maps &maps, uint32_t capacity, Shares &shares)
		: id_(id), shares_(shares), slots_(maps.slots, capacity), occupied_(maps.occupied, capacity / 64),
		  owners_(maps.owners, capacity), sent_(capacity), is_known_(capacity)
	{
	}

	// Calls report(index, slots of the same key, sum as last sent, whether its process is gone) for each key that this
	// sweep covers, and then frees the slots of exited processes. report returns the sum that it has seen, or nothing
	// if a CPU was changing it: then the next sweep calls it again.
	template <class PidOf, class Report> void sweep(const Sweep &sweep, PidOf pid_of, Report report)
	{
		this->sweep(sweep, pid_of, report, [](const Slot &) { return false; });
	}

	// The same for slots that are also freed if is_over(slot): the slot is about another process that has exited.
	template <class PidOf, class Report, class IsOver>
	void sweep(const Sweep &sweep, PidOf pid_of, Report report, IsOver is_over)
	{
		if (sweep.is_only_exited && sweep.exited.empty() && late_.empty())
			return;
		used_ = 0;
		for (uint32_t word = 0; word < occupied_.size(); word++) {
			uint64_t bits = load(occupied_[word]);
			used_ += std::popcount(bits);
			for (; bits; bits &= bits - 1)
				visit(word * 64 + std::countr_zero(bits), sweep, pid_of, report, is_over);
		}
	}

	// The occupied bit is cleared before the key: the next owner of the slot sets it again.
	void release(uint32_t index)
	{
		Slot &slot = slots_[index];
		memset(reinterpret_cast<char *>(&slot) + sizeof(slot.key), 0, sizeof(slot) - sizeof(slot.key));
		sent_[index] = 0;
		is_known_[index] = false;
		same_keys_.erase(index);
		late_.erase(index);
		shares_.give_back(id_, owners_[index]);
		__atomic_fetch_and(&occupied_[index / 64], ~(1ull << (index & 63)), __ATOMIC_RELEASE);
		__atomic_store_n(&slot.key, 0, __ATOMIC_RELEASE);
	}

	// A hidden slot got its key back; another slot may have been claimed for that key meanwhile.
	void revive(uint32_t index)
	{
		uint32_t mask = slots_.size() - 1, hash = shares_.hash(load(slots_[index].key));
		for (uint32_t i = 0; i < TABLE_WINDOW; i++)
			is_known_[TABLE_SLOT(hash, i) & mask] = false;
	}

	Slot &operator[](uint32_t index) { return slots_[index]; }
	const Slot &operator[](uint32_t index) const { return slots_[index]; }
	uint64_t used() const { return used_; }
	uint64_t capacity() const { return slots_.size(); }

private:
	template <class PidOf, class Report, class IsOver>
	void visit(uint32_t index, const Sweep &sweep, PidOf pid_of, Report report, IsOver is_over)
	{
		Slot &slot = slots_[index];
		uint64_t key = load(slot.key), start = load(slot.start);
		uint32_t pid = pid_of(slot);
		if (!key || !start || !pid || key == TABLE_RETIRED)
			return; // just claimed: the next sweep has it; or hidden (retirement.h)
		bool has_exited = late_.contains(index);
		if (!sweep.exited.empty())
			has_exited |= sweep.exited.contains(pid, start) || is_over(slot);
		if (sweep.is_only_exited && !has_exited)
			return;
		SameKey same = same_key(index, key);
		if (same.slots[0] != index)
			return;
		std::optional<uint64_t> sum = report(index, same, sent_[index], has_exited);
		if (!sum) {
			if (has_exited)
				late_.insert(index);
			return;
		}
		sent_[index] = *sum;
		if (has_exited)
			for (uint32_t at : same)
				release(at);
	}

	// A new slot is compared once with others of the same key.
	SameKey same_key(uint32_t index, uint64_t key)
	{
		if (!is_known_[index]) {
			is_known_[index] = true;
			SameKey same = with_key(key);
			for (uint32_t at : same)
				if (same.count > 1)
					same_keys_[at] = same;
		}
		if (!same_keys_.empty())
			if (auto found = same_keys_.find(index); found != same_keys_.end())
				return found->second;
		return {{index}, 1};
	}

	SameKey with_key(uint64_t key)
	{
		uint32_t mask = slots_.size() - 1, hash = shares_.hash(key);
		SameKey same{};
		for (uint32_t i = 0; i < TABLE_WINDOW; i++)
			if (uint32_t at = TABLE_SLOT(hash, i) & mask; load(slots_[at].key) == key)
				same.slots[same.count++] = at;
		return same;
	}

	const table_id id_;
	Shares &shares_;
	MappedArray<Slot> slots_;
	MappedArray<uint64_t> occupied_;
	MappedArray<uint64_t> owners_; // the share that each slot counts towards
	std::vector<uint64_t> sent_;   // a sum of all counts, as last sent, per slot
	std::vector<bool> is_known_;
	std::unordered_map<uint32_t, SameKey> same_keys_; // slots that share their key with another one; almost always empty
	std::set<uint32_t> late_;			  // slots of dead processes that are not freed yet
	uint64_t used_ = 0;
};

} // namespace ebtop::bpf
