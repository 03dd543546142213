// SPDX-License-Identifier: GPL-2.0-only
#include "counters.h"

#include <bit>

namespace ebtop::bpf {

SyscallCounters::SyscallCounters(int table_fd, int occupied_fd, uint32_t capacity)
	: table_(table_fd, capacity), occupied_(occupied_fd, capacity / 64), sent_(capacity)
{
}

void SyscallCounters::sweep(Batch &batch, uint64_t now, const Departed &departed, bool is_only_departed)
{
	if (is_only_departed && departed.empty())
		return;
	used_ = 0;
	for (uint32_t word = 0; word < occupied_.size(); word++) {
		uint64_t bits = load(occupied_[word]);
		used_ += std::popcount(bits);
		for (; bits; bits &= bits - 1)
			visit(word * 64 + std::countr_zero(bits), batch, now, departed, is_only_departed);
	}
}

void SyscallCounters::visit(uint32_t index, Batch &batch, uint64_t now, const Departed &departed,
			    bool is_only_departed)
{
	uint64_t key = load(table_[index].key), start = load(table_[index].start);
	if (!key || !start)
		return; // claimed this moment: the next sweep has it
	uint32_t pid = SYSCALL_KEY_PID(key);
	bool has_departed = !departed.empty() && departed.contains({pid, start});
	if (is_only_departed && !has_departed)
		return;
	uint32_t mask = table_.size() - 1, hash = key * TABLE_HASH >> 40;
	uint64_t count = 0, errors = 0;
	bool is_first = true;
	// Two threads may have claimed two slots for one key; their sum is the truth, and the first one reports it.
	for (uint32_t i = 0; i < TABLE_WINDOW; i++) {
		uint32_t at = (hash + i) & mask;
		if (load(table_[at].key) != key)
			continue;
		if (is_first && at != index)
			return;
		is_first = false;
		count += load(table_[at].count);
		errors += load(table_[at].errors);
	}
	if (count + errors != sent_[index]) {
		wire_syscall record{};
		record.head.pid = pid;
		record.head.start = start;
		record.head.time = now;
		record.nr = SYSCALL_KEY_NR(key);
		record.abi = SYSCALL_KEY_ABI(key);
		record.count = count;
		record.errors = errors;
		batch.append(WIRE_SYSCALL, record);
		sent_[index] = count + errors;
	}
	if (has_departed)
		for (uint32_t i = 0; i < TABLE_WINDOW; i++)
			if (uint32_t at = (hash + i) & mask; load(table_[at].key) == key)
				release(at);
}

// The occupied bit goes before the key: whoever claims the slot next sets it again.
void SyscallCounters::release(uint32_t index)
{
	syscall_slot &slot = table_[index];
	slot.start = slot.count = slot.errors = 0;
	sent_[index] = 0;
	__atomic_fetch_and(&occupied_[index / 64], ~(1ull << (index & 63)), __ATOMIC_RELEASE);
	__atomic_store_n(&slot.key, 0, __ATOMIC_RELEASE);
}

} // namespace ebtop::bpf
