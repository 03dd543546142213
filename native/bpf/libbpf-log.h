// SPDX-License-Identifier: GPL-2.0-only
// What libbpf says. It is never printed here: whatever goes to a terminal leaves through src/output/door.ts.
#pragma once

#include <string>

namespace ebtop::bpf {

// Collects this thread's messages while it lives.
class LibbpfLog {
public:
	LibbpfLog();
	~LibbpfLog();
	LibbpfLog(const LibbpfLog &) = delete;
	LibbpfLog &operator=(const LibbpfLog &) = delete;

	// The program that the kernel did not take; empty if it was something else.
	std::string failed_program() const;

	// From now on libbpf prints nothing itself.
	static void capture();
	// All messages since the last call, where EBTOP_DEBUG is set.
	static std::string take_debug_text();

private:
	std::string text_;
};

} // namespace ebtop::bpf
