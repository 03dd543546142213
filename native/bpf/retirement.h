// SPDX-License-Identifier: GPL-2.0-only
// Makes room in a table: frees slots that were idle for long, without losing a count. A program may have looked up a slot
// and be about to add to it. So the slot is first hidden: its key becomes TABLE_RETIRED, which no program finds or can
// claim. Its counts are sent at that moment, as final. By the next refresh every program that had found it before has
// ended. If one of them has added something, exactly that remains in the slot, which gets its key back; otherwise the slot
// is free.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "bpf/mapped-array.h"
#include "clock.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

// `Values` are the counts of a slot.
template <class Values> class Retirement {
public:
	explicit Retirement(uint32_t capacity) : moved_(capacity) {}

	// Called when a slot's counters have changed, or when it is new.
	void moved(uint32_t index, uint64_t now) { moved_[index] = now / second; }

	bool is_idle(uint32_t index, uint64_t now) const { return patience_ && now / second - moved_[index] >= patience_; }

	// `sent`: its counts, as they were sent.
	void hide(uint32_t index, __u64 &key, const Values &sent)
	{
		hidden_.push_back({index, key, sent});
		__atomic_store_n(&key, TABLE_RETIRED, __ATOMIC_RELEASE);
	}

	// Completes what the previous refresh began. counters.values(index) returns the counts of a slot now,
	// subtract(index, sent) subtracts those, and release(index) frees the slot. A slot with a line on
	// some CPU is not idle.
	template <class Table, class Lines, class Counters> void finish(Table &table, const Lines &lines, Counters &counters)
	{
		for (const Hidden &hidden : hidden_) {
			if (is_same(counters.values(hidden.index), hidden.sent) && !lines.holds(hidden.index)) {
				counters.release(hidden.index);
				continue;
			}
			counters.subtract(hidden.index, hidden.sent);
			__atomic_store_n(&table[hidden.index].key, hidden.key, __ATOMIC_RELEASE);
			table.revive(hidden.index);
		}
		hidden_.clear();
		patience_ = patience_of(table.used(), table.capacity());
	}

private:
	struct Hidden {
		uint32_t index;
		uint64_t key;
		Values sent;
	};

	static bool is_same(const Values &one, const Values &other)
	{
		static_assert(std::has_unique_object_representations_v<Values>);
		return memcmp(&one, &other, sizeof(Values)) == 0;
	}

	// After how many idle seconds a slot is freed; 0: never.
	static uint32_t patience_of(uint64_t used, uint64_t capacity)
	{
		if (used * 4 < capacity)
			return 0;
		if (used * 16 < capacity * 5)
			return 60;
		return used * 8 < capacity * 3 ? 20 : 5;
	}

	std::vector<uint32_t> moved_; // CLOCK_BOOTTIME seconds, per slot
	std::vector<Hidden> hidden_;
	uint32_t patience_ = 0;
};

} // namespace ebtop::bpf
