// SPDX-License-Identifier: GPL-2.0-only
// One pass over all open descriptors (iter/task_file): a WIRE_OBJECT for each. It costs about a microsecond per
// descriptor, so it is made at the start, after losses, and else as seldom as keeps it below a thousandth of a CPU.
#pragma once

#include <functional>
#include <string>

#include "batch.h"
#include "bpf/pace.h"

struct bpf_program;
struct bpf_link;

namespace ebtop::bpf {

class ObjectPass {
public:
	explicit ObjectPass(bpf_program *program);
	~ObjectPass();
	ObjectPass(const ObjectPass &) = delete;
	ObjectPass &operator=(const ObjectPass &) = delete;

	// `has_losses`: records were lost since the last time it was asked.
	bool is_due(bool has_losses) const;
	// A pass out of turn, because there is something new to look for, would not cost too much.
	bool may_repeat() const;
	// Calls `each` with a record for each descriptor, and appends it. 0, or errno if the pass was broken off.
	int run(Batch &batch, const std::function<void(const wire_object &)> &each);

private:
	bpf_link *link_;
	std::string bytes_;
	Pace pace_;
};

} // namespace ebtop::bpf
