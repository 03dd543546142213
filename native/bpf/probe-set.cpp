// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/probe-set.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>

#include "bpf/mapped-array.h"
#include "clock.h"

namespace ebtop::bpf {
namespace {

constexpr std::string_view by_btf = "tp_btf";

bpf_program *program_of(const bpf_object *object, const ProbeRow &row)
{
	return bpf_object__find_program_by_name(object, row.program);
}

// Whether something of it is perf's, where programs have perf's form.
bool can_be_perf(const bpf_object *object, const ProbeRow &row)
{
	return row.before[0] || PerfForm::has(program_of(object, row));
}

std::array<bpf_link **, 3> links_of(Probe &probe)
{
	return {&probe.before[0], &probe.before[1], &probe.link};
}

} // namespace

const char *variant_of(const Probe &probe)
{
	return probe.is_perf && probe.row->variant == by_btf ? PerfForm::variant : probe.row->variant;
}

// Forcing a probe that does not exist is the caller's mistake, not the kernel's.
void ProbeSet::check_force(const bpf_object *object) const
{
	for (const auto &[probe, variant] : options_.force) {
		bool is_known = false;
		for (const ProbeRow &row : probe_table())
			is_known |= probe == row.probe &&
				    (variant == row.variant ||
				     (variant == PerfForm::variant && row.variant == by_btf && can_be_perf(object, row)));
		if (!is_known)
			throw SourceError("EBTOP_USAGE",
					  "There is no variant " + variant + " of a probe " + probe + "; see ebtop --probes.");
	}
}

std::string ProbeSet::why_refused(const ProbeRow &row) const
{
	for (const char *program : {row.program, row.hook}) {
		auto refused = program ? refused_.find(program) : refused_.end();
		if (refused != refused_.end())
			return refused->second;
	}
	return {};
}

// Forced for one probe, the form is forced for all; the probe of system call exits decides for tp_btf.
void ProbeSet::choose_form(const Features &features)
{
	bool is_forced = false;

	for (const auto &[probe, variant] : options_.force)
		is_forced |= variant == PerfForm::variant;
	auto calls = options_.force.find("syscall");
	is_perf_ = is_forced || (features.skips_preempted && (calls == options_.force.end() || calls->second != by_btf));
	why_not_perf_ = !is_perf_ || !perf_refused_.empty() ? perf_refused_ : perf_.why_not();
	if (is_forced && !why_not_perf_.empty())
		throw SourceError("EBTOP_UNSUPPORTED", "Variant perf was asked for: " + why_not_perf_ + ".");
	is_perf_ &= why_not_perf_.empty();
}

void ProbeSet::form_programs(bpf_object *object)
{
	for (Probe &probe : probes_) {
		bpf_program *program = program_of(object, *probe.row);
		if (!probe.is_chosen || !can_be_perf(object, *probe.row))
			continue;
		probe.is_perf = is_perf_;
		probe.lacks_perf = !why_not_perf_.empty();
		if (probe.lacks_perf)
			probe.reason +=
				(probe.reason.empty() ? "" : " ") +
				("What happens while it is preempted is missed, and counted as lost (" + why_not_perf_ + ").");
		if (PerfForm::has(program))
			PerfForm::set(program, is_perf_);
		for (const char *name : probe.row->before)
			if (name)
				bpf_program__set_autoload(bpf_object__find_program_by_name(object, name), is_perf_);
	}
}

Probe ProbeSet::choose_variant(const std::string &name, const Features &features) const
{
	auto forced = options_.force.find(name);
	Probe probe{};

	for (const ProbeRow &row : probe_table()) {
		if (name != row.probe || (forced != options_.force.end() && forced->second != row.variant &&
					  !(forced->second == PerfForm::variant && row.variant == by_btf)))
			continue;
		std::string reason = why_refused(row);
		if (reason.empty())
			reason = row.why_not(features);
		if (!probe.row)
			probe.row = &row;
		if (reason.empty()) {
			probe.row = &row;
			probe.is_chosen = true;
			if (row.less)
				probe.reason += (probe.reason.empty() ? "" : " ") + std::string(row.less);
			return probe;
		}
		if (forced != options_.force.end())
			throw SourceError("EBTOP_UNSUPPORTED",
					  "Variant " + forced->second + " of probe " + name + " was asked for: " + reason);
		if (probe.reason.empty())
			probe.reason = reason;
	}
	return probe;
}

void ProbeSet::choose(bpf_object *object, const Features &features)
{
	const unsigned needs = needs_of(options_);

	bpf_program *program;
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, bpf_program__expected_attach_type(program) == BPF_TRACE_ITER);
	bpf_program__set_autoload(bpf_object__find_program_by_name(object, "ebtop_threads"), needs & CONCERN_THREAD);
	bpf_program__set_autoload(bpf_object__find_program_by_name(object, "ebtop_run_places"), needs & CONCERN_SCHED);
	check_force(object);
	choose_form(features);
	probes_.clear();
	for (const ProbeRow &row : probe_table()) {
		if (!(row.needs & needs) || (!probes_.empty() && std::string(probes_.back().row->probe) == row.probe))
			continue;
		probes_.push_back(choose_variant(row.probe, features));
	}
	for (const Probe &probe : probes_)
		for (const char *name : {probe.row->program, probe.row->hook})
			if (probe.is_chosen && name)
				bpf_program__set_autoload(bpf_object__find_program_by_name(object, name), true);
	form_programs(object);
}

void ProbeSet::choose_none(const std::string &reason)
{
	probes_.clear();
	for (const ProbeRow &row : probe_table())
		if (probes_.empty() || std::string(probes_.back().row->probe) != row.probe)
			probes_.push_back({&row, reason});
}

bool ProbeSet::refuse(const std::string &program, const std::string &reason)
{
	for (const Probe &probe : probes_) {
		const ProbeRow &row = *probe.row;
		bool is_hook = row.hook && program == row.hook, is_before = false;
		for (const char *name : row.before)
			is_before |= name && program == name;
		if (!probe.is_chosen || !(is_hook || is_before || program == row.program))
			continue;
		if (probe.is_perf && !is_hook) { // it may do in the other form
			perf_refused_ = "the kernel refuses " + program + " as perf's";
			return true;
		}
		return refused_.emplace(program, reason).second;
	}
	return false;
}

// Puts the program into the tail call table at its classes of calls, where ebtop_sys_exit finds it.
void ProbeSet::follow_calls(bpf_object *object, Probe &probe)
{
	int map = bpf_object__find_map_fd_by_name(object, "ipc_calls");
	int program = bpf_program__fd(program_of(object, *probe.row));

	probe.is_called = true;
	for (uint32_t place = 0; place < 64; place++) {
		if (!(probe.row->calls >> place & 1) || !bpf_map_update_elem(map, &place, &program, BPF_ANY))
			continue;
		probe.reason = std::string("It cannot be added to the tail call table: ") + strerror(errno) + ".";
		probe.is_called = false;
	}
}

// Where the hook cannot be attached, the next variant without a hook can use what is loaded.
void ProbeSet::attach_hook(bpf_object *object, Probe &probe)
{
	bpf_program *hook = bpf_object__find_program_by_name(object, probe.row->hook);

	probe.link = bpf_program__attach(hook);
	if (probe.link) {
		probe.program_fd = bpf_program__fd(hook);
		return;
	}
	probe.reason = std::string("Its hook cannot be attached: ") + strerror(errno) + ".";
	for (const ProbeRow &row : probe_table())
		if (std::string(row.program) == probe.row->program && !row.hook)
			probe.row = &row;
}

void ProbeSet::attach_own(bpf_object *object, Probe &probe)
{
	bpf_program *program = program_of(object, *probe.row);

	probe.program_fd = bpf_program__fd(program);
	if (probe.is_perf)
		attach_before(object, probe);
	probe.link = perf_.attach(program);
	if (!probe.link)
		probe.reason = std::string("It cannot be attached: ") + strerror(errno) + ".";
}

void ProbeSet::attach(bpf_object *object, unsigned needs)
{
	needs_ = needs;
	for (Probe &probe : probes_) {
		if (!probe.is_chosen || !probe.row->calls || probe.is_called)
			continue;
		follow_calls(object, probe);
		if (probe.row->hook)
			attach_hook(object, probe);
	}
	for (Probe &probe : probes_) {
		if (!probe.is_chosen || probe.row->calls)
			continue;
		if (!(probe.row->needs & needs)) {
			for (bpf_link **link : links_of(probe)) {
				bpf_link__destroy(*link);
				*link = nullptr;
			}
			continue;
		}
		if (probe.link)
			continue;
		for (const Probe &other : probes_) // two probes may share a program: files are seen at the exit of calls
			probe.is_called |= other.link && other.row->program == std::string(probe.row->program);
		if (!probe.is_called)
			attach_own(object, probe);
	}
}

// Without these the program tells everything itself, as on kernels that do not preempt it.
void ProbeSet::attach_before(bpf_object *object, Probe &probe)
{
	for (size_t i = 0; i < probe.before.size() && probe.row->before[i]; i++) {
		probe.before[i] = perf_.attach(bpf_object__find_program_by_name(object, probe.row->before[i]));
		if (probe.before[i])
			continue;
		probe.lacks_perf = true;
		probe.reason = std::string("What happens while it is preempted is missed, and counted as lost (") +
			       probe.row->before[i] + " cannot be attached: " + strerror(errno) + ").";
	}
}

// A perf event waits twice until nobody can be inside of its program any more: 80 ms each on 6.18, half of it under a lock of
// all events. So they wait together.
void ProbeSet::detach()
{
	std::vector<std::thread> waiting;

	auto destroy = [&](bpf_link *link) {
		try {
			if (is_perf_ && link)
				return void(waiting.emplace_back(bpf_link__destroy, link));
		} catch (const std::system_error &) { // no more threads
		}
		bpf_link__destroy(link);
	};
	for (Probe &probe : probes_) {
		for (bpf_link **link : links_of(probe)) {
			destroy(*link);
			*link = nullptr;
		}
	}
	for (std::thread &thread : waiting)
		thread.join();
}

wire_probe_state state_of(const Probe &probe)
{
	if (!probe.is_chosen)
		return WIRE_PROBE_OFF;
	return probe.row->is_fallback || probe.lacks_perf ? WIRE_PROBE_FALLBACK : WIRE_PROBE_ON;
}

// How often the kernel skipped a program because it was already running on that CPU.
static uint64_t missed_runs(const Probe &probe)
{
	bpf_prog_info info{};
	uint32_t size = sizeof(info);

	if (probe.program_fd < 0 || bpf_obj_get_info_by_fd(probe.program_fd, &info, &size))
		return 0;
	return info.recursion_misses;
}

void ProbeSet::count_misses(const std::function<uint64_t(probe_id)> &made_good)
{
	for (Probe &probe : probes_) {
		uint64_t runs = missed_runs(probe);
		if (probe.row->before[0]) // some are made good before they are missed: so this only grows
			runs = std::max(probe.missed, runs - std::min(runs, made_good(probe.row->id)));
		probe.missed = runs;
	}
}

uint64_t ProbeSet::missed(probe_id id) const
{
	uint64_t sum = 0;

	for (const Probe &probe : probes_)
		sum += probe.row->id == id ? probe.missed : 0;
	return sum;
}

void ProbeSet::say(const std::string &name, const std::string &trouble)
{
	for (Probe &probe : probes_)
		if (name == probe.row->probe)
			probe.trouble = trouble;
}

void ProbeSet::report_broken_pass(const std::string &name, const char *what, int error)
{
	say(name, error ? std::string("The last look at ") + what + " was broken off: " + strerror(error) + "." : "");
}

void ProbeSet::append(Batch &batch, const __u64 *lost) const
{
	bool is_counted[PROBE_COUNT] = {}; // where two probes share a counter, the first reports it

	for (const Probe &probe : probes_) {
		wire_probe record{};
		std::string reason = probe.reason;
		record.head.time = boot_ns();
		strncpy(record.probe, probe.row->probe, sizeof(record.probe) - 1);
		strncpy(record.variant, variant_of(probe), sizeof(record.variant) - 1);
		record.state = probe.link || probe.is_called ? state_of(probe) : WIRE_PROBE_OFF;
		if (probe.is_chosen && !(probe.row->needs & needs_))
			record.state = WIRE_PROBE_STANDBY;
		if (!probe.trouble.empty() && record.state == WIRE_PROBE_ON)
			record.state = WIRE_PROBE_FALLBACK;
		if (!probe.trouble.empty())
			reason += (reason.empty() ? "" : " ") + probe.trouble;
		if (!is_counted[probe.row->id])
			record.lost = bpf::load(lost[probe.row->id]);
		record.lost += probe.missed;
		is_counted[probe.row->id] = true;
		record.reason_len = reason.size();
		batch.append(WIRE_PROBE, record, reason);
	}
}

} // namespace ebtop::bpf
