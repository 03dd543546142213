// SPDX-License-Identifier: GPL-2.0-only
// WIRE_SYSTEM and WIRE_TICK: the whole machine, and what this process costs. Both sources use it.
#pragma once

#include <cstdint>
#include <optional>

#include "batch.h"
#include "owned-fd.h"

namespace ebtop {

class System {
public:
	System();
	System(const System &) = delete;
	System &operator=(const System &) = delete;

	// What the source itself counts. `forks` and `execs` are counted since it started. Without `forks` the kernel's
	// count of new tasks is used, which includes threads.
	struct Counted {
		std::optional<uint64_t> forks, execs;
		bool has_calls = false;
	};
	void append(Batch &batch, const Counted &counted);
	static void append_tick(Batch &batch, uint64_t busy_ns);

private:
	void read_cpu(wire_system &record);
	void read_memory(wire_system &record) const;
	void read_load(wire_system &record) const;
	void read_self(wire_system &record) const;

	OwnedFd stat_;
	OwnedFd meminfo_;
	OwnedFd loadavg_;
	OwnedFd statm_;
	uint64_t tasks_at_start_ = 0;
	uint64_t tasks_ = 0;
	bool has_start_ = false;
};

} // namespace ebtop
