// SPDX-License-Identifier: GPL-2.0-only
// The perf form of some programs at tracepoints (bpf/lib/tracepoint.bpf.h), which runs with preemption off.
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

	// Whether `program` has a perf form: its section is called two_forms/GROUP/TRACEPOINT.
	static bool has(const bpf_program *program);
	// Called before loading: chooses the perf form or the BTF form.
	static void set(bpf_program *program, bool is_perf);

	// Why programs of this form cannot be attached here, a clause; empty if they can.
	std::string why_not();
	// Attaches the program in the form in which it was loaded; null and errno on failure. Call why_not() before, for
	// perf's form.
	bpf_link *attach(const bpf_program *program);

private:
	uint64_t number_of(std::string_view tracepoint) const;
	OwnedFd open(std::string_view tracepoint) const;

	OwnedFd tracefs_;
	OwnedFd sys_exit_; // opened to test whether that is allowed, kept until a program is attached to it
};

} // namespace ebtop::bpf
