// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/ipc-mappings.h"

#include <algorithm>
#include <ctime>

#include "bpf/iterator.h"
#include "clock.h"
#include "../source.h"

namespace ebtop::bpf {
namespace {

constexpr uint64_t interval_min_ns = 2'000'000'000;
constexpr uint64_t cost_share = 200; // at most half a percent of a CPU

} // namespace

IpcMappings::IpcMappings(bpf_program *program) : link_(bpf_program__attach_iter(program, nullptr))
{
	if (!link_)
		throw SourceError("EBTOP_UNSUPPORTED", "The iterator over memory mappings cannot be attached; run ebtop --probes to see why.");
}

IpcMappings::~IpcMappings()
{
	bpf_link__destroy(link_);
}

bool IpcMappings::is_due() const
{
	return !ended_ns_ || boot_ns() - ended_ns_ >= std::max(interval_min_ns, cost_ns_ * cost_share);
}

bool IpcMappings::run()
{
	uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	bool is_whole = run_iterator(link_, bytes_);

	cost_ns_ = clock_ns(CLOCK_THREAD_CPUTIME_ID) - began;
	ended_ns_ = boot_ns();
	return is_whole;
}

} // namespace ebtop::bpf
