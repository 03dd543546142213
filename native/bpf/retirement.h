// SPDX-License-Identifier: GPL-2.0-only
// Makes room in a table: takes slots away from pairs that were idle for long, without losing a count.
//
// A program may have looked a slot up and be about to add to it. So the slot is first hidden: its key becomes
// TABLE_RETIRED, which no program finds and none can claim. What it held is sent at that moment, as final. By the next
// refresh every program that had found it before has long ended; if one has added meanwhile, exactly that much is left
// in the slot, which gets its key back; else the slot is free.
#pragma once

#include <cstdint>
#include <vector>

#include "bpf/mapped-array.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

class Retirement {
public:
	explicit Retirement(uint32_t capacity) : moved_(capacity) {}

	// Its counters were found changed, or it is new.
	void moved(uint32_t index, uint64_t now) { moved_[index] = now / second; }

	// How long a slot must have been idle to be taken away, in seconds; 0: nothing is.
	static uint32_t patience(uint64_t used, uint64_t capacity)
	{
		if (used * 4 < capacity)
			return 0;
		if (used * 16 < capacity * 5)
			return 60;
		return used * 8 < capacity * 3 ? 20 : 5;
	}

	bool is_idle(uint32_t index, uint64_t now, uint32_t patience) const
	{
		return patience && now / second - moved_[index] >= patience;
	}

	// `sum`: of the counters as they were sent. False if they have moved since: then it is not idle.
	bool hide(io_slot &slot, uint32_t index, uint64_t sum)
	{
		Values told = counters(slot);
		if (told.opens + told.reads + told.writes + told.read_bytes + told.write_bytes != sum)
			return false;
		hidden_.push_back({index, slot.key, told});
		__atomic_store_n(&slot.key, TABLE_RETIRED, __ATOMIC_RELEASE);
		return true;
	}

	// Ends what the refresh before began. release(index) frees a slot, revive(index) makes it known again: what is_held
	// says a CPU has a line for is not idle.
	template <class Table, class IsHeld, class Release, class Revive>
	void finish(Table &slots, IsHeld is_held, Release release, Revive revive)
	{
		for (const Hidden &hidden : hidden_) {
			io_slot &slot = slots[hidden.index];
			if (counters(slot) == hidden.told && !is_held(hidden.index)) {
				release(hidden.index);
				continue;
			}
			subtract(slot, hidden.told);
			__atomic_store_n(&slot.key, hidden.key, __ATOMIC_RELEASE);
			revive(hidden.index);
		}
		hidden_.clear();
	}

private:
	static constexpr uint64_t second = 1'000'000'000;
	struct Values {
		uint64_t opens, reads, writes, read_bytes, write_bytes;
		bool operator==(const Values &) const = default;
	};
	struct Hidden {
		uint32_t index;
		uint64_t key;
		Values told;
	};

	static Values counters(const io_slot &slot)
	{
		return {load(slot.opens), load(slot.reads), load(slot.writes), load(slot.read_bytes), load(slot.write_bytes)};
	}
	static void subtract(io_slot &slot, const Values &told)
	{
		__atomic_fetch_sub(&slot.opens, told.opens, __ATOMIC_RELAXED);
		__atomic_fetch_sub(&slot.reads, told.reads, __ATOMIC_RELAXED);
		__atomic_fetch_sub(&slot.writes, told.writes, __ATOMIC_RELAXED);
		__atomic_fetch_sub(&slot.read_bytes, told.read_bytes, __ATOMIC_RELAXED);
		__atomic_fetch_sub(&slot.write_bytes, told.write_bytes, __ATOMIC_RELAXED);
	}

	std::vector<uint32_t> moved_; // CLOCK_BOOTTIME seconds, per slot
	std::vector<Hidden> hidden_;
};

} // namespace ebtop::bpf
