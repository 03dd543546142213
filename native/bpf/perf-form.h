// SPDX-License-Identifier: GPL-2.0-only
// The other form of some programs at tracepoints (bpf/lib/tracepoint.bpf.h): as perf's, which run with preemption off.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "owned-fd.h"

struct bpf_link;
struct bpf_program;

namespace ebtop::bpf {

class PerfForm {
public:
	static constexpr const char *variant = "perf";

	// Whether `program` can have it: its section is called two_forms/GROUP/TRACEPOINT.
	static bool has(const bpf_program *program);
	// Before loading: this form or that with BTF.
	static void set(bpf_program *program, bool is_perf);

	// Why programs of this form cannot be attached here, half a sentence; empty if they can.
	std::string why_not();
	// In the form that it was loaded in; null and errno where that fails. Perf's after why_not().
	bpf_link *attach(const bpf_program *program);

private:
	uint64_t number_of(std::string_view tracepoint) const;
	OwnedFd open(std::string_view tracepoint) const;

	OwnedFd tracefs_;
	OwnedFd sys_exit_; // opened to see whether that is allowed, until it is attached to
};

} // namespace ebtop::bpf
