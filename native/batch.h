// SPDX-License-Identifier: GPL-2.0-only
// A batch: a sequence of wire records, each a multiple of 8 bytes, in a buffer that grows and is reused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include <linux/types.h>

#include "../bpf/wire/wire.h"

namespace ebtop {

class Batch {
public:
	// The size in a head has 16 bits. The caller truncates text that would not fit.
	static constexpr size_t max_record = 65528;

	// Appends `record` and the bytes of `tail`. Sets head.type and head.size; the caller sets the rest of the head.
	template <class Record> void append(wire_type type, Record record, std::string_view tail = {})
	{
		static_assert(offsetof(Record, head) == 0);
		if (tail.size() > max_record - sizeof(record))
			tail = tail.substr(0, max_record - sizeof(record));
		size_t size = padded(sizeof(record) + tail.size());

		record.head.type = type;
		record.head.size = size;
		uint8_t *to = grow(size);
		memset(to + size - 8, 0, 8);
		memcpy(to, &record, sizeof(record));
		if (!tail.empty())
			memcpy(to + sizeof(record), tail.data(), tail.size());
	}

	// Appends a whole record as the kernel sent it. Returns false for anything else, and leaves it out.
	bool append_raw(const void *record, size_t size)
	{
		wire_head head;

		if (size < sizeof(head) || size > max_record)
			return false;
		memcpy(&head, record, sizeof(head));
		if (head.size > size || head.size < sizeof(head) || head.size % 8)
			return false;
		memcpy(grow(head.size), record, head.size);
		return true;
	}

	// Returns room for `size` more bytes, not initialised. `size` is a multiple of 8.
	uint8_t *grow(size_t size)
	{
		if (used_ + size > capacity_)
			reserve(used_ + size);
		uint8_t *at = bytes_.get() + used_;
		used_ += size;
		return at;
	}

	const uint8_t *data() const { return bytes_.get(); }
	// What was appended after the first `offset` bytes. Valid until more is appended.
	uint8_t *at(size_t offset) { return bytes_.get() + offset; }
	size_t size() const { return used_; }
	// Empties the batch. Keeps its memory, unless a flood made it large.
	void clear()
	{
		used_ = 0;
		if (capacity_ > kept_capacity) {
			bytes_.reset();
			capacity_ = 0;
		}
	}

	static constexpr size_t padded(size_t size) { return (size + 7) & ~size_t{7}; }

private:
	static constexpr size_t kept_capacity = 1 << 20;

	void reserve(size_t wanted)
	{
		size_t capacity = capacity_ ? capacity_ : 64 * 1024;
		while (capacity < wanted)
			capacity *= 2;
		std::unique_ptr<uint8_t[]> bytes(new uint8_t[capacity]);
		if (used_)
			memcpy(bytes.get(), bytes_.get(), used_);
		bytes_ = std::move(bytes);
		capacity_ = capacity;
	}

	std::unique_ptr<uint8_t[]> bytes_;
	size_t used_ = 0;
	size_t capacity_ = 0;
};

} // namespace ebtop
