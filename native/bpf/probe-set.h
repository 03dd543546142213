// SPDX-License-Identifier: GPL-2.0-only
// The probes of one session: which variant of each is used and why not a better one, attached and detached.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "batch.h"
#include "perf-form.h"
#include "probe-table.h"

struct bpf_link;
struct bpf_object;

namespace ebtop::bpf {

struct Probe {
	const ProbeRow *row; // the variant in use, or the best one if none is
	std::string reason;  // why not better, or why off
	bool is_chosen = false;
	bool is_perf = false;	 // in perf's form (perf-form.h)
	bool lacks_perf = false; // it should be, and misses what happens while it is preempted
	bpf_link *link = nullptr;
	std::array<bpf_link *, 2> before{}; // of row->before
	int program_fd = -1;		    // the object's, while the link is
	bool is_called = false;		    // in its places in the table of calls
	uint64_t missed = 0;		    // events for which it was skipped, as of the last count_misses()
	std::string trouble{};		    // what the last refresh could not do for it
};

class ProbeSet {
public:
	explicit ProbeSet(const SourceOptions &options) : options_(options) {}
	~ProbeSet() { detach(); }
	ProbeSet(const ProbeSet &) = delete;
	ProbeSet &operator=(const ProbeSet &) = delete;

	// Takes the first variant of each probe that is possible, and tells libbpf to load those programs only.
	void choose(bpf_object *object, const Features &features);
	// The programs that can have perf's form get it: all of them or none, for some call others.
	bool is_perf() const { return is_perf_; }
	// All are off, for one reason.
	void choose_none(const std::string &reason);
	// The kernel did not load `program`: the next choose() leaves it out. False if it is none of the chosen ones.
	bool refuse(const std::string &program, const std::string &reason);
	void attach(bpf_object *object);
	void detach();

	// Asks the kernel how often it skipped programs; once in a refresh. `made_good`: of which others took the events,
	// before the program was skipped (ProbeRow::before).
	void count_misses(uint64_t made_good);
	uint64_t missed(probe_id id) const;
	// What the last refresh could not do for a probe, in a sentence; empty: nothing.
	void say(const std::string &probe, const std::string &trouble);
	// The last pass over `what` ended with this errno; 0: it was whole.
	void report_broken_pass(const std::string &probe, const char *what, int error);
	// A WIRE_PROBE for each; `lost` is indexed by probe_id.
	void append(Batch &batch, const __u64 *lost) const;
	const std::vector<Probe> &probes() const { return probes_; }

private:
	static void follow_calls(bpf_object *object, Probe &probe);
	static void attach_hook(bpf_object *object, Probe &probe);
	void attach_before(bpf_object *object, Probe &probe);
	void choose_form(const Features &features);
	void form_programs(bpf_object *object);
	std::string why_refused(const ProbeRow &row) const;
	void check_force(const bpf_object *object) const;
	Probe choose_variant(const std::string &name, const Features &features) const;

	const SourceOptions &options_;
	std::map<std::string, std::string> refused_; // program -> reason
	std::vector<Probe> probes_;
	PerfForm perf_;
	bool is_perf_ = false;
	std::string why_not_perf_; // where this kernel needs it: half a sentence
	std::string perf_refused_; // by the kernel's verifier
};

const char *variant_of(const Probe &probe);
wire_probe_state state_of(const Probe &probe);

} // namespace ebtop::bpf
