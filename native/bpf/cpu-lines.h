// SPDX-License-Identifier: GPL-2.0-only
// User space's side of each CPU's lines in front of a table (struct line in bpf/lib/tables.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "bpf/mapped-array.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

// `Cpu` is the struct of one CPU's lines.
template <class Cpu> class CpuLines {
public:
	using Line = std::remove_extent_t<decltype(Cpu::lines)>;

	CpuLines(int map_fd, uint32_t cpus, uint32_t capacity) : cpus_(map_fd, cpus), is_held_(capacity) {}

	// Remembers which lines belong to which slot, for the rest of this sweep. A line that is taken over later holds
	// later calls, which the next sweep sends.
	void find()
	{
		for (const Found &found : found_)
			is_held_[found.slot] = false;
		found_.clear();
		for (uint32_t cpu = 0; cpu < cpus_.size(); cpu++)
			for (Line &line : cpus_[cpu].lines)
				if (load(line.head.sequence) && is_in_use(line))
					found_.push_back({load(line.head.slot), &line});
		std::sort(found_.begin(), found_.end(), [](const Found &a, const Found &b) { return a.slot < b.slot; });
		for (const Found &found : found_)
			is_held_[found.slot] = true;
	}

	bool holds(uint32_t slot) const { return is_held_[slot]; }

	// add_slot(sum) and add_line(sum, line) add the counts of slot and line. Returns a consistent sum, or nothing if a
	// CPU kept changing it: then the next sweep reads it.
	template <class Sum, class AddSlot, class AddLine>
	std::optional<Sum> sum(uint32_t slot, uint64_t key, AddSlot add_slot, AddLine add_line) const
	{
		constexpr int tries = 4;
		Sum sum{};
		if (!holds(slot)) {
			add_slot(sum);
			return sum;
		}
		std::vector<uint32_t> before;
		for (int i = 0; i < tries; i++) {
			before.clear();
			sum = {};
			for (const Found &found : of(slot)) {
				before.push_back(load(found.line->head.sequence));
				if (load(found.line->head.key) == key)
					add_line(sum, *found.line);
			}
			add_slot(sum);
			if (is_unchanged(slot, before))
				return sum;
		}
		return std::nullopt;
	}

	// For a dead process: moves the counts of its lines into the slot, with move(line). False if a CPU is changing it.
	template <class Move> bool empty_into(uint32_t slot, uint64_t key, Move move)
	{
		if (!holds(slot))
			return true;
		bool is_done = true;
		for (const Found &found : of(slot)) {
			Line held = *found.line; // no program adds to it any more
			__u64 expected = key;
			if (__atomic_compare_exchange_n(&found.line->head.key, &expected, 0, false, __ATOMIC_ACQ_REL,
							__ATOMIC_ACQUIRE))
				move(held);
			else if (load(found.line->head.sequence) & 1)
				is_done = false;
		}
		return is_done;
	}

private:
	struct Found {
		uint32_t slot;
		Line *line;
	};
	struct Range {
		const Found *first, *last;
		const Found *begin() const { return first; }
		const Found *end() const { return last; }
	};

	// During a takeover the key is 0, and the slot is one of these two.
	static bool is_in_use(const Line &line) { return load(line.head.key) || load(line.head.sequence) & 1; }

	Range of(uint32_t slot) const
	{
		auto by_slot = [](const Found &found, uint32_t value) { return found.slot < value; };
		const Found *first = std::lower_bound(found_.data(), found_.data() + found_.size(), slot, by_slot),
			    *last = first;
		while (last != found_.data() + found_.size() && last->slot == slot)
			last++;
		return {first, last};
	}

	bool is_unchanged(uint32_t slot, const std::vector<uint32_t> &before) const
	{
		size_t i = 0;
		for (const Found &found : of(slot)) {
			uint32_t now = load(found.line->head.sequence);
			if (now != before[i] || now & 1)
				return false;
			i++;
		}
		return true;
	}

	MappedArray<Cpu> cpus_;
	std::vector<Found> found_; // sorted by slot
	std::vector<bool> is_held_;
};

} // namespace ebtop::bpf
