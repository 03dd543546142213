// SPDX-License-Identifier: GPL-2.0-only
// What libbpf says while an object is loaded. It never reaches the terminal, unless EBTOP_DEBUG is set.
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

private:
	std::string text_;
};

} // namespace ebtop::bpf
