// SPDX-License-Identifier: GPL-2.0-only
// All probes with their variants, best first. The first variant that this kernel can load is used.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "features.h"
#include "../source.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

// Reasons to attach a probe besides the concerns of source.h.
enum need : unsigned {
	NEED_COMM = 1 << 8,    // --comm
	NEED_LATENCY = 1 << 9, // --latency
};

// The concerns and needs of a session, including those that may be wanted later.
uint64_t needs_of(const SourceOptions &options);

struct ProbeRow {
	const char *probe;
	const char *variant;
	const char *program; // in the BPF object
	probe_id id;	     // its losses are counted under this id
	uint64_t needs;	     // attached when one of these is wanted
	bool is_fallback;    // shows less or costs more than the best one
	// Why this kernel cannot run it, a sentence; empty if it can.
	std::string (*why_not)(const Features &);
	uint64_t calls = 0;	    // not attached, but tail-called by ebtop_sys_exit after calls of these classes, a bit each
	const char *hook = nullptr; // a second program that is attached, for what cannot be seen at the exit of a call
	std::array<const char *, 2> before{}; // in perf's form, attached before `program`, which sends what these did not
	const char *less = nullptr;	      // what a fallback does not show, a sentence, if the reason does not say it
	bool is_in_libraries = false;	      // attached to functions of C libraries (library-links.h)
};

std::span<const ProbeRow> probe_table();
// Attached by links of Linux 6.6 (library-links.h).
bool is_multi(const ProbeRow &row);
// The kernel takes long to verify the program, and the first refresh can do without it.
bool is_expensive(std::string_view program);
// Why this kernel cannot run it, a sentence; empty if it can.
std::string why_not(const ProbeRow &row, const Features &features);

} // namespace ebtop::bpf
