// SPDX-License-Identifier: GPL-2.0-only
// libbpf's messages. They are never printed here: all output to a terminal goes through src/output/door.ts.
#pragma once

#include <string>

namespace ebtop::bpf {

// Collects this thread's messages during its lifetime.
class LibbpfLog {
public:
	LibbpfLog();
	~LibbpfLog();
	LibbpfLog(const LibbpfLog &) = delete;
	LibbpfLog &operator=(const LibbpfLog &) = delete;

	// The program that the kernel refused; empty if something else failed.
	std::string failed_program() const;

	// Stops libbpf from printing.
	static void capture();
	// All messages since the last call, if EBTOP_DEBUG is set.
	static std::string take_debug_text();

private:
	std::string text_;
};

} // namespace ebtop::bpf
