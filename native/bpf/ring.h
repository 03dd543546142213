// SPDX-License-Identifier: GPL-2.0-only
// The ring buffer of the BPF programs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "batch.h"

struct bpf_map;
struct ring_buffer;

namespace ebtop::bpf {

class Ring {
public:
	// Calls `each` with every record and its size. Throws SourceError EBTOP_FAILED if the ring cannot be mapped.
	Ring(bpf_map *map, std::function<void(const wire_head &, size_t)> each);

	// Reads what is in the ring now, at most `most` bytes. Records that arrive meanwhile are left, since a flood of
	// them would never end.
	void drain(uint32_t most = UINT32_MAX);

private:
	static int take(void *ring, void *record, size_t size);

	const std::function<void(const wire_head &, size_t)> each_;
	const uint32_t capacity_;
	std::unique_ptr<ring_buffer, void (*)(ring_buffer *)> ring_;
	int64_t left_ = 0; // bytes left to read
};

} // namespace ebtop::bpf
