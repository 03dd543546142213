// SPDX-License-Identifier: GPL-2.0-only
// A pass over all open descriptors (iter/task_file): a WIRE_OBJECT for each. It costs about a microsecond per descriptor,
// so it is made at the start, after losses, and otherwise so rarely that it takes less than 0.1 % of a CPU.
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

	// `has_losses`: records were lost since the last call.
	bool is_due(bool has_losses) const;
	// Whether an extra pass, to look for new channels, is affordable now.
	bool may_repeat() const;
	// Calls `each` with a record for each descriptor, and appends it. Returns 0, or errno if the pass was broken off.
	int run(Batch &batch, const std::function<void(const wire_object &)> &each);

private:
	bpf_link *link_;
	std::string bytes_;
	Pace pace_;
};

} // namespace ebtop::bpf
