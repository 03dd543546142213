// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/probe-choice.h"

#include <bpf/libbpf.h>

#include "bpf/library-links.h"

namespace ebtop::bpf {
namespace {

constexpr std::string_view by_btf = "tp_btf";
constexpr const char *form = "form", *old_form = "old";

bpf_program *program_of(const bpf_object *object, const char *name)
{
	return bpf_object__find_program_by_name(object, name);
}

// Whether any of its programs is in perf's form, if programs have that form.
bool can_be_perf(const bpf_object *object, const ProbeRow &row)
{
	return (row.before[0] && !row.is_in_libraries) || PerfForm::has(program_of(object, row.program));
}

// That this kernel has.
bool is_iterator(const bpf_program *program, const Features &features)
{
	constexpr std::string_view iterator = "iter/";
	std::string_view section = bpf_program__section_name(program);

	return section.starts_with(iterator) && features.has_iterator(std::string(section.substr(iterator.size())));
}

} // namespace

const char *variant_of(const ChosenProbe &probe)
{
	return probe.is_perf && probe.row->variant == by_btf ? PerfForm::variant : probe.row->variant;
}

wire_probe_state state_of(const ChosenProbe &probe)
{
	if (!probe.is_chosen)
		return WIRE_PROBE_OFF;
	return probe.row->is_fallback || probe.lacks_perf ? WIRE_PROBE_FALLBACK : WIRE_PROBE_ON;
}

void add_reason(ChosenProbe &probe, const std::string &reason)
{
	probe.reason += (probe.reason.empty() ? "" : " ") + reason;
}

std::string lack_of_perf(const std::string &why)
{
	return "What happens while it is preempted is missed, and counted as lost (" + why + ").";
}

bool is_old_form_forced(const SourceOptions &options)
{
	auto forced = options.force.find(form);
	return forced != options.force.end() && forced->second == old_form;
}

// Forcing a probe that does not exist is the caller's mistake, not the kernel's.
void ProbeChoice::check_force(const bpf_object *object) const
{
	for (const auto &[probe, variant] : options_.force) {
		bool is_known = probe == form && variant == old_form;
		for (const ProbeRow &row : probe_table())
			is_known |= probe == row.probe &&
				    (variant == row.variant ||
				     (variant == PerfForm::variant && row.variant == by_btf && can_be_perf(object, row)));
		if (!is_known)
			throw SourceError("EBTOP_USAGE",
					  "There is no variant " + variant + " of a probe " + probe + "; see ebtop --probes.");
	}
}

// Forced for one probe, the form is forced for all; the probe of system call exits decides for tp_btf.
void ProbeChoice::choose_form(const Features &features)
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

std::string ProbeChoice::why_refused(const ProbeRow &row) const
{
	for (const char *program : {row.program, row.hook}) {
		auto refused = program ? refused_.find(program) : refused_.end();
		if (refused != refused_.end())
			return refused->second;
	}
	return {};
}

ChosenProbe ProbeChoice::choose_variant(const std::string &name, const Features &features) const
{
	auto forced = options_.force.find(name);
	ChosenProbe probe{};

	for (const ProbeRow &row : probe_table()) {
		if (name != row.probe || (forced != options_.force.end() && forced->second != row.variant &&
					  !(forced->second == PerfForm::variant && row.variant == by_btf)))
			continue;
		std::string reason = why_refused(row);
		if (reason.empty())
			reason = why_not(row, features);
		if (!probe.row)
			probe.row = &row;
		if (reason.empty()) {
			probe.row = &row;
			probe.is_chosen = true;
			if (row.less)
				add_reason(probe, row.less);
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

void ProbeChoice::load_programs(bpf_object *object)
{
	for (const ChosenProbe &probe : probes_)
		for (const char *name : {probe.row->program, probe.row->hook})
			if (probe.is_chosen && name)
				bpf_program__set_autoload(program_of(object, name), true);
	for (const ChosenProbe &probe : probes_) {
		if (!probe.is_chosen || !probe.row->is_in_libraries)
			continue;
		for (const char *name : {probe.row->program, probe.row->before[0], probe.row->before[1]}) {
			bpf_program__set_autoload(program_of(object, name), true);
			if (is_multi(*probe.row))
				bpf_program__set_expected_attach_type(program_of(object, name), LibraryLinks::multi);
		}
	}
}

void ProbeChoice::form_programs(bpf_object *object)
{
	for (ChosenProbe &probe : probes_) {
		bpf_program *program = program_of(object, probe.row->program);
		if (!probe.is_chosen || !can_be_perf(object, *probe.row))
			continue;
		probe.is_perf = is_perf_;
		probe.lacks_perf = !why_not_perf_.empty();
		if (probe.lacks_perf)
			add_reason(probe, lack_of_perf(why_not_perf_));
		if (PerfForm::has(program))
			PerfForm::set(program, is_perf_);
		for (const char *name : probe.row->before)
			if (name)
				bpf_program__set_autoload(program_of(object, name), is_perf_);
	}
}

// The rest: programs of concerns that are only on standby, and some that are expensive to verify.
bool ProbeChoice::is_of_rest(const char *program) const
{
	const uint64_t now = needs_of(options_) & ~uint64_t(options_.standby);
	bool is_on_standby = false;

	if (is_expensive(program))
		return true;
	for (const ChosenProbe &probe : probes_) {
		const ProbeRow &row = *probe.row;
		for (const char *name : {row.program, row.hook, row.before[0], row.before[1]}) {
			if (!name || std::string_view(name) != program)
				continue;
			if (row.needs & now)
				return false;
			is_on_standby = true;
		}
	}
	return is_on_standby;
}

void ProbeChoice::choose(bpf_object *object, const Features &features, Part part)
{
	const uint64_t needs = needs_of(options_);

	bpf_program *program;
	bpf_object__for_each_program (program, object)
		bpf_program__set_autoload(program, is_iterator(program, features));
	bpf_program__set_autoload(program_of(object, "ebtop_threads"), needs & CONCERN_THREAD);
	bpf_program__set_autoload(program_of(object, "ebtop_run_places"), needs & CONCERN_SCHED);
	check_force(object);
	choose_form(features);
	probes_.clear();
	for (const ProbeRow &row : probe_table())
		if (row.needs & needs && (probes_.empty() || std::string(probes_.back().row->probe) != row.probe))
			probes_.push_back(choose_variant(row.probe, features));
	load_programs(object);
	form_programs(object);
	if (part == Part::all)
		return;
	bpf_object__for_each_program (program, object)
		if (is_of_rest(bpf_program__name(program)) != (part == Part::rest))
			bpf_program__set_autoload(program, false);
}

void ProbeChoice::choose_none(const std::string &reason)
{
	probes_.clear();
	for (const ProbeRow &row : probe_table())
		if (probes_.empty() || std::string(probes_.back().row->probe) != row.probe)
			probes_.push_back({&row, reason});
}

bool ProbeChoice::refuse(const std::string &program, const std::string &reason)
{
	for (const ChosenProbe &probe : probes_) {
		const ProbeRow &row = *probe.row;
		bool is_hook = row.hook && program == row.hook, is_before = false;
		for (const char *name : row.before)
			is_before |= name && program == name;
		if (!probe.is_chosen || !(is_hook || is_before || program == row.program))
			continue;
		if (probe.is_perf && !is_hook) { // the other form may work
			perf_refused_ = "the kernel refuses " + program + " as perf's";
			return true;
		}
		return refused_.emplace(program, reason).second;
	}
	return false;
}

} // namespace ebtop::bpf
