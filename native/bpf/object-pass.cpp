// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/object-pass.h"

#include <algorithm>
#include <ctime>

#include "bpf/iterator.h"
#include "clock.h"
#include "../source.h"

namespace ebtop::bpf {
namespace {

constexpr uint64_t second_ns = 1'000'000'000;
constexpr uint64_t interval_min_ns = 2 * second_ns;
constexpr uint64_t repair_min_ns = second_ns / 2; // between two passes because of losses
constexpr uint64_t cost_share = 200;
constexpr uint64_t repeat_cost_share = 100;

} // namespace

ObjectPass::ObjectPass(bpf_program *program) : link_(bpf_program__attach_iter(program, nullptr))
{
	if (!link_)
		throw SourceError("EBTOP_UNSUPPORTED", "The iterator over open files cannot be attached; run ebtop --probes to see why.");
}

ObjectPass::~ObjectPass()
{
	bpf_link__destroy(link_);
}

bool ObjectPass::is_due(bool has_losses) const
{
	uint64_t since = boot_ns() - ended_ns_;

	if (!ended_ns_)
		return true;
	return since >= (has_losses ? repair_min_ns : std::max(interval_min_ns, cost_ns_ * cost_share));
}

bool ObjectPass::may_repeat() const
{
	return boot_ns() - ended_ns_ >= std::max(repair_min_ns, cost_ns_ * repeat_cost_share);
}

bool ObjectPass::run(Batch &batch, const std::function<void(const wire_object &)> &each)
{
	uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	bool is_whole = run_iterator(link_, bytes_);

	for (size_t at = 0; at + sizeof(wire_object) <= bytes_.size();) {
		auto *object = reinterpret_cast<const wire_object *>(bytes_.data() + at);
		if (object->head.size < sizeof(*object))
			break;
		each(*object);
		batch.append_raw(object, object->head.size);
		at += object->head.size;
	}
	cost_ns_ = clock_ns(CLOCK_THREAD_CPUTIME_ID) - began;
	ended_ns_ = boot_ns();
	return is_whole;
}

} // namespace ebtop::bpf
