// SPDX-License-Identifier: GPL-2.0-only
// One event of the proc connector. It carries only pids, so what /proc shows of the process is read with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace ebtop::proc {

struct ProcessEvent {
	enum class Type { fork, exec, exit };

	Type type = Type::fork;
	uint32_t pid = 0;
	uint32_t parent = 0;	// of a fork
	uint32_t exit_code = 0; // as wait(2) returns it
	uint64_t time = 0;	// CLOCK_BOOTTIME
	std::string stat;	// /proc/PID/stat when the event came; empty: the process was gone
	std::string exe;	// of an exec
	std::string args;	// of an exec
	std::string cgroup; // of an exec: /proc/PID/cgroup, since a container's runtime moves the process there before its exec

	// What an exec's program makes as long as it likes.
	size_t program_bytes() const { return exe.size() + args.size() + cgroup.size(); }
};

// What is read of an exec's program.
enum class ProgramParts { none, without_args, all };

// One message of the connector, a cn_msg with its proc_event. Nothing for a thread, for what is read from /proc anyway, and
// for a truncated one. `time` is still CLOCK_MONOTONIC.
std::optional<ProcessEvent> parse_event(const void *message, size_t size);

// Adds what the directory /proc shows of its process, of which most are gone within a millisecond. Nothing of a later process
// that has the pid now.
void read_process(int proc_dir, ProgramParts wanted, ProcessEvent &event);

} // namespace ebtop::proc
