// SPDX-License-Identifier: GPL-2.0-only
// Samples which system call each process is in: /proc/PID/syscall, which needs permission to ptrace it.
#pragma once

#include <cstdint>
#include <string_view>

#include "../batch.h"
#include "per-process.h"
#include "process-table.h"

namespace ebtop::proc {

struct CallSample {
	uint32_t nr = WIRE_NO_CALL;
	uint32_t abi = WIRE_ABI_NATIVE;
	uint64_t arguments[3] = {}; // the first of six
};

CallSample parse_call(std::string_view text);

class CallSamples {
public:
	explicit CallSamples(ProcessTable &processes) : processes_(processes) {}

	// Samples all that ran since the last refresh: the others are still in the same call. Sends nothing if only other
	// scans need the samples (`is_shown` false).
	void look(Batch &batch, bool is_shown);
	// The last sample; nullptr if there was none.
	const CallSample *last(const Process &process) const
	{
		const State *state = states_.find(process);
		return state ? &state->sample : nullptr;
	}
	size_t denied() const { return denied_; }

private:
	struct State {
		Refusal refusal;
		CallSample sample;
		uint64_t looks = 0; // consecutive samples that found it in this call
	};

	ProcessTable &processes_;
	PerProcess<State> states_;
	size_t denied_ = 0;
};

} // namespace ebtop::proc
