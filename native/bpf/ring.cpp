// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/ring.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <bpf/libbpf.h>

#include "source.h"

namespace ebtop::bpf {

Ring::Ring(bpf_map *map, std::function<void(const wire_head &, size_t)> each)
	: each_(std::move(each)), capacity_(bpf_map__max_entries(map)),
	  ring_(ring_buffer__new(bpf_map__fd(map), take, this, nullptr), ring_buffer__free)
{
	if (!ring_)
		throw SourceError("EBTOP_FAILED", "The ring buffer cannot be mapped; free some memory and start again.");
}

void Ring::drain(uint32_t most)
{
	left_ = std::min(most, capacity_);
	ring_buffer__consume(ring_.get());
}

// A negative result stops after this record.
int Ring::take(void *self, void *record, size_t size)
{
	auto &ring = *static_cast<Ring *>(self);

	ring.each_(*static_cast<const wire_head *>(record), size);
	ring.left_ -= int64_t(Batch::padded(size + BPF_RINGBUF_HDR_SZ));
	return ring.left_ > 0 ? 0 : -ENOBUFS;
}

} // namespace ebtop::bpf
