// SPDX-License-Identifier: GPL-2.0-only
// Before the programs are loaded: which variant of each probe this kernel gets, in which form, and why not a better one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "perf-form.h"
#include "probe-table.h"

struct bpf_object;

namespace ebtop::bpf {

struct ChosenProbe {
	const ProbeRow *row; // the variant in use, or the best one if none is
	std::string reason;  // why not a better variant, or why off
	bool is_chosen = false;
	bool is_perf = false;	 // in perf's form (perf-form.h)
	bool lacks_perf = false; // should have perf's form, and misses events while it is preempted
};

const char *variant_of(const ChosenProbe &probe);
// Set once it is attached.
wire_probe_state state_of(const ChosenProbe &probe);
// Adds a reason to those that are known.
void add_reason(ChosenProbe &probe, const std::string &reason);
// What lacks_perf means, as a sentence; `why` is a part of one.
std::string lack_of_perf(const std::string &why);

// Whether the caller forces the old form of the programs: { form: "old" } among the forced variants.
bool is_old_form_forced(const SourceOptions &options);

// Which programs are loaded: all, or first those that the first refresh needs, and then the rest.
enum class Part { all, first, rest };

class ProbeChoice {
public:
	explicit ProbeChoice(const SourceOptions &options) : options_(options) {}

	// Chooses the first possible variant of each probe, and has libbpf load only those programs, as far as they belong to
	// the part.
	void choose(bpf_object *object, const Features &features, Part part = Part::all);
	// Turns all off, for one reason.
	void choose_none(const std::string &reason);
	// The kernel refused `program`: the next choose() skips it. False if it is not among the chosen ones.
	bool refuse(const std::string &program, const std::string &reason);

	// Either all programs that have perf's form use it, or none, since some call others.
	bool is_perf() const { return is_perf_; }
	PerfForm &perf() { return perf_; }
	const std::vector<ChosenProbe> &probes() const { return probes_; }

private:
	void check_force(const bpf_object *object) const;
	void choose_form(const Features &features);
	std::string why_refused(const ProbeRow &row) const;
	ChosenProbe choose_variant(const std::string &name, const Features &features) const;
	void load_programs(bpf_object *object);
	void form_programs(bpf_object *object);
	bool is_of_rest(const char *program) const;

	const SourceOptions &options_;
	std::map<std::string, std::string> refused_; // program -> reason
	std::vector<ChosenProbe> probes_;
	PerfForm perf_;
	bool is_perf_ = false;
	std::string why_not_perf_; // part of a sentence, if this kernel needs it
	std::string perf_refused_; // the verifier's reason
};

} // namespace ebtop::bpf
