// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/object-pass.h"

#include "bpf/iterator.h"
#include "../source.h"

namespace ebtop::bpf {
namespace {

constexpr uint64_t repair_min_ns = second / 2; // between two passes after losses
constexpr uint64_t repeat_cost_share = 100;

} // namespace

ObjectPass::ObjectPass(bpf_program *program) : link_(bpf_program__attach_iter(program, nullptr))
{
	if (!link_)
		throw SourceError("EBTOP_UNSUPPORTED",
				  "The iterator over open files cannot be attached; run ebtop --probes to see why.");
}

ObjectPass::~ObjectPass()
{
	bpf_link__destroy(link_);
}

bool ObjectPass::is_due(bool has_losses) const
{
	return has_losses ? pace_.is_due(repair_min_ns, 0) : pace_.is_due();
}

bool ObjectPass::may_repeat() const
{
	return pace_.is_due(repair_min_ns, repeat_cost_share);
}

int ObjectPass::run(Batch &batch, const std::function<void(const wire_object &)> &each)
{
	pace_.begin();
	int error = run_iterator(link_, bytes_);

	for (size_t at = 0; at + sizeof(wire_object) <= bytes_.size();) {
		auto *object = reinterpret_cast<const wire_object *>(bytes_.data() + at);
		if (object->head.size < sizeof(*object))
			break;
		each(*object);
		batch.append_raw(object, object->head.size);
		at += object->head.size;
	}
	pace_.end();
	return error;
}

} // namespace ebtop::bpf
