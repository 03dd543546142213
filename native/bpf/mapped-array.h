// SPDX-License-Identifier: GPL-2.0-only
// A BPF array map mapped into memory. Values are packed at multiples of 8 bytes.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "../source.h"

namespace ebtop::bpf {

template <class Value> class MappedArray {
	static_assert(sizeof(Value) % 8 == 0);

public:
	MappedArray(int map_fd, uint32_t size) : size_(size)
	{
		size_t page = sysconf(_SC_PAGESIZE);
		bytes_ = (size * sizeof(Value) + page - 1) / page * page;
		void *at = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
		if (at == MAP_FAILED)
			throw SourceError("EBTOP_FAILED", std::string("A counter table cannot be mapped: ") + strerror(errno) +
								  "; free some memory and start again.");
		values_ = static_cast<Value *>(at);
	}
	~MappedArray() { munmap(values_, bytes_); }
	MappedArray(const MappedArray &) = delete;
	MappedArray &operator=(const MappedArray &) = delete;

	Value &operator[](uint32_t index) { return values_[index]; }
	const Value &operator[](uint32_t index) const { return values_[index]; }
	uint32_t size() const { return size_; }

private:
	Value *values_;
	size_t bytes_;
	uint32_t size_;
};

// Kernel and user space share these words; a plain load might be torn or kept in a register.
template <class Word> Word load(const Word &word)
{
	return __atomic_load_n(&word, __ATOMIC_ACQUIRE);
}

} // namespace ebtop::bpf
