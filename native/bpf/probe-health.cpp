// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/probe-health.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <cstring>

#include "bpf/mapped-array.h"
#include "clock.h"

namespace ebtop::bpf {
namespace {

// How often the kernel skipped a program because it was already running on that CPU.
uint64_t missed_runs(const AttachedProbe &probe)
{
	bpf_prog_info info{};
	uint32_t size = sizeof(info);

	if (probe.program_fd < 0 || bpf_obj_get_info_by_fd(probe.program_fd, &info, &size))
		return 0;
	return info.recursion_misses;
}

std::string about_misses(uint64_t count)
{
	return std::to_string(count) +
	       " events were missed: the kernel skips a program that is already running on the same CPU, where it was "
	       "interrupted or preempted.";
}

} // namespace

void ProbeHealth::count_misses(const std::function<uint64_t(probe_id)> &made_good)
{
	for (size_t i = 0; i < missed_.size(); i++) {
		const AttachedProbe &probe = links_.probes()[i];
		uint64_t runs = missed_runs(probe);
		if (probe.row->before[0] &&
		    !probe.row->is_in_libraries) // some events are recovered before they are missed: so this only grows
			runs = std::max(missed_[i], runs - std::min(runs, made_good(probe.row->id)));
		missed_[i] = runs;
	}
}

uint64_t ProbeHealth::missed(probe_id id) const
{
	uint64_t sum = 0;

	for (size_t i = 0; i < missed_.size(); i++)
		sum += links_.probes()[i].row->id == id ? missed_[i] : 0;
	return sum;
}

void ProbeHealth::report_broken_pass(const std::string &name, const char *what, int error)
{
	say(name, error ? std::string("The last look at ") + what + " was broken off: " + strerror(error) + "." : "");
}

wire_probe_state ProbeHealth::state_of(const AttachedProbe &probe, bool has_trouble) const
{
	if (probe.is_chosen && (!probe.is_loaded || !(probe.row->needs & links_.needs())))
		return WIRE_PROBE_STANDBY;
	wire_probe_state state = probe.is_on() ? bpf::state_of(probe) : WIRE_PROBE_OFF;
	return has_trouble && state == WIRE_PROBE_ON ? WIRE_PROBE_FALLBACK : state;
}

void ProbeHealth::append(Batch &batch, const __u64 *lost) const
{
	bool is_counted[PROBE_COUNT] = {}; // if two probes share a counter, the first reports it

	for (size_t i = 0; i < missed_.size(); i++) {
		const AttachedProbe &probe = links_.probes()[i];
		auto trouble = trouble_.find(probe.row->probe);
		bool has_trouble = trouble != trouble_.end() && !trouble->second.empty();
		wire_probe record{};
		std::string reason = probe.in_libraries ? probe.in_libraries->about() : probe.reason;
		record.head.time = boot_ns();
		strncpy(record.probe, probe.row->probe, sizeof(record.probe) - 1);
		strncpy(record.variant, variant_of(probe), sizeof(record.variant) - 1);
		record.state = state_of(probe, has_trouble);
		if (missed_[i])
			reason += (reason.empty() ? "" : " ") + about_misses(missed_[i]);
		if (has_trouble)
			reason += (reason.empty() ? "" : " ") + trouble->second;
		if (!is_counted[probe.row->id])
			record.lost = load(lost[probe.row->id]);
		record.lost += missed_[i];
		is_counted[probe.row->id] = true;
		record.reason_len = reason.size();
		batch.append(WIRE_PROBE, record, reason);
	}
}

} // namespace ebtop::bpf
