// SPDX-License-Identifier: GPL-2.0-only
// The BPF source: loads the object, attaches the probes that the wanted concerns need, drains and sweeps.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../source.h"

namespace ebtop::bpf {

std::unique_ptr<Source> open_source(const SourceOptions &options);

// The variant of a probe that this kernel would get; empty if none works.
struct ProbeReport {
	std::string probe;
	wire_probe_state state;
	std::string variant;
	std::string reason;
};

// All probes. Loads the programs, attaches nothing.
std::vector<ProbeReport> report_probes();

} // namespace ebtop::bpf
