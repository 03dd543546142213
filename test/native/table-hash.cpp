// SPDX-License-Identifier: GPL-2.0-only
// How many keys find no slot in the counter tables with secrets that put the numbers of system calls, or processes, at steps that
// are hardly any: a line "STEP COUNT" for each.
#include <cstdint>
#include <cstdio>
#include <linux/types.h>
#include <random>
#include <vector>

#include "../../bpf/wire/wire.h"

extern "C" {
#include "../../bpf/lib/tables.h"
}

namespace {

constexpr uint32_t CAPACITY = 65536, PROCESSES = 600, CALLS = 50;

bool has_room(std::vector<uint64_t> &table, uint64_t key, uint64_t secret)
{
	uint32_t hash = table_hash(key, secret);

	for (uint32_t i = 0; i < TABLE_WINDOW; i++) {
		uint64_t &slot = table[TABLE_SLOT(hash, i) & (CAPACITY - 1)];
		if (slot == 0) {
			slot = key;
			return true;
		}
	}
	return false;
}

unsigned without_room(uint64_t secret)
{
	std::vector<uint64_t> table(CAPACITY);
	unsigned count = 0;

	for (uint32_t pid = 1000; pid < 1000 + PROCESSES; pid++)
		for (uint32_t nr = 0; nr < CALLS; nr++)
			count += !has_room(table, SYSCALL_KEY(pid, pid * 300'000ull, 0, nr), secret);
	return count;
}

} // namespace

int main()
{
	std::mt19937_64 random(7);

	for (uint64_t step : {0, 1, 2, 16384, 32768, 65535}) {
		unsigned calls = 0, processes = 0;
		for (int i = 0; i < 20; i++) {
			uint64_t bits = random() | 1;
			calls += without_room((bits & ~(0xffffull << 40)) | step << 40);
			processes += without_room((bits & ~(0xffffull << 29)) | step << 29);
		}
		printf("%u %u\n", calls, processes);
	}
}
