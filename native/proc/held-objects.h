// SPDX-License-Identifier: GPL-2.0-only
// The objects that a scan found open, mapped or used by processes.
#pragma once

#include <utility>
#include <vector>

#include "descriptor.h"
#include "per-process.h"

namespace ebtop::proc {

// The objects of one process. Each scan adds state of its own.
struct Held {
	std::vector<Descriptor> objects;
	bool has_changed = false; // since it was sent
};

class HeldObjects {
public:
	virtual ~HeldObjects() = default;
	virtual const std::vector<Descriptor> &of(const Process &process) = 0;
	// Whether the objects of the process have changed since the last call.
	virtual bool take_change(const Process &process) = 0;
};

template <class State> class HeldBy : public HeldObjects {
public:
	const std::vector<Descriptor> &of(const Process &process) override { return held_[process].objects; }
	bool take_change(const Process &process) override { return std::exchange(held_[process].has_changed, false); }

protected:
	PerProcess<State> held_;
};

} // namespace ebtop::proc
