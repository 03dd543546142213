// SPDX-License-Identifier: GPL-2.0-only
// The BPF object: opens it, sets constants and map sizes from the options, and loads the probes that work here.
#pragma once

#include <memory>

#include "features.h"
#include "probe-choice.h"

struct ebtop_bpf;

namespace ebtop::bpf {

// Owns the skeleton: programs, maps and their mapped globals.
class Object {
public:
	// Loads the programs. If the kernel refuses one, its probe falls back to the next variant or is off.
	Object(const Features &features, const SourceOptions &options, ProbeChoice &choice);
	Object(const Object &) = delete;
	Object &operator=(const Object &) = delete;

	ebtop_bpf *operator->() const { return skeleton_.get(); }

private:
	void open(const Features &features, const SourceOptions &options);

	std::unique_ptr<ebtop_bpf, void (*)(ebtop_bpf *)> skeleton_;
};

} // namespace ebtop::bpf
