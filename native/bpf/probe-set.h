// SPDX-License-Identifier: GPL-2.0-only
// The probes of a session: chooses a variant of each, says why not a better one, attaches and detaches them.
#pragma once

#include <array>
#include <functional>
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
	std::string reason;  // why not a better variant, or why off
	bool is_chosen = false;
	bool is_perf = false;	 // in perf's form (perf-form.h)
	bool lacks_perf = false; // should have perf's form, and misses events while it is preempted
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

	// Chooses the first possible variant of each probe, and has libbpf load only those programs.
	void choose(bpf_object *object, const Features &features);
	// Gives perf's form to all programs that have it, or to none, since some call others.
	bool is_perf() const { return is_perf_; }
	// Turns all off, for one reason.
	void choose_none(const std::string &reason);
	// The kernel refused `program`: the next choose() skips it. False if it is not among the chosen ones.
	bool refuse(const std::string &program, const std::string &reason);
	// Attaches those that are needed, and detaches others.
	void attach(bpf_object *object, unsigned needs);
	void detach();

	// Asks the kernel how often it skipped programs; once in a refresh. `made_good`: for how many events of a probe others
	// took them before the program was skipped (ProbeRow::before).
	void count_misses(const std::function<uint64_t(probe_id)> &made_good);
	uint64_t missed(probe_id id) const;
	// Notes what the last refresh could not do for a probe, a sentence; empty: nothing.
	void say(const std::string &probe, const std::string &trouble);
	// The last pass over `what` ended with this errno; 0: it was complete.
	void report_broken_pass(const std::string &probe, const char *what, int error);
	// A WIRE_PROBE for each; `lost` is indexed by probe_id.
	void append(Batch &batch, const __u64 *lost) const;
	const std::vector<Probe> &probes() const { return probes_; }

private:
	static void follow_calls(bpf_object *object, Probe &probe);
	static void attach_hook(bpf_object *object, Probe &probe);
	void attach_before(bpf_object *object, Probe &probe);
	void attach_own(bpf_object *object, Probe &probe);
	void choose_form(const Features &features);
	void form_programs(bpf_object *object);
	std::string why_refused(const ProbeRow &row) const;
	void check_force(const bpf_object *object) const;
	Probe choose_variant(const std::string &name, const Features &features) const;

	const SourceOptions &options_;
	std::map<std::string, std::string> refused_; // program -> reason
	std::vector<Probe> probes_;
	PerfForm perf_;
	unsigned needs_ = 0; // as of the last attach()
	bool is_perf_ = false;
	std::string why_not_perf_; // half a sentence, where this kernel needs it
	std::string perf_refused_; // the verifier's reason
};

const char *variant_of(const Probe &probe);
wire_probe_state state_of(const Probe &probe);

} // namespace ebtop::bpf
