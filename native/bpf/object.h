// SPDX-License-Identifier: GPL-2.0-only
// The BPF object: opens it, sets constants and map sizes from the options, and loads the probes that work here.
#pragma once

#include <memory>

#include "features.h"
#include "few-types.h"
#include "probe-choice.h"

struct bpf_program;
struct ebtop_bpf;

namespace ebtop::bpf {

// Owns the skeleton: programs, maps and their mapped globals.
class Object {
public:
	// Loads the programs, with is_in_parts those that the first refresh needs. If the kernel refuses one, its probe falls
	// back to the next variant or is off.
	Object(const Features &features, const SourceOptions &options, ProbeChoice &choice);
	Object(const Object &) = delete;
	Object &operator=(const Object &) = delete;

	ebtop_bpf *operator->() const { return skeleton_.get(); }
	// Whether something was left to load_rest().
	bool is_partial() const { return is_partial_; }
	// Loads the rest, with the same maps; on any thread. Then program() finds it after use_rest().
	void load_rest(const Features &features, ProbeChoice &choice);
	void use_rest() { has_rest_ = true; }
	// The program if it is loaded, else null.
	bpf_program *program(const char *name) const;

private:
	void open(const Features &features, const SourceOptions &options);
	bpf_object *open_rest();

	FewTypes types_; // for both objects
	std::unique_ptr<ebtop_bpf, void (*)(ebtop_bpf *)> skeleton_;
	std::unique_ptr<bpf_object, void (*)(bpf_object *)> rest_; // a second object of the same file
	bool has_rest_ = false;
	const bool is_partial_;
};

} // namespace ebtop::bpf
