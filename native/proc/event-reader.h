// SPDX-License-Identifier: GPL-2.0-only
// The kernel's proc connector: fork, exec and exit as events. An event carries only pids, and most processes are gone by the
// next refresh, so a thread waits for events and reads at once what /proc still shows of each.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "../owned-fd.h"

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
};

// One message of the connector, a cn_msg with its proc_event. Nothing for a thread, for what is read from /proc anyway, and
// for a truncated one. `time` is still CLOCK_MONOTONIC.
std::optional<ProcessEvent> parse_event(const void *message, size_t size);

class EventReader {
public:
	// `capacity`: events that wait to be taken; more are lost.
	EventReader(bool wants_args, size_t capacity);
	~EventReader();
	EventReader(const EventReader &) = delete;
	EventReader &operator=(const EventReader &) = delete;

	bool is_on() const { return thread_.joinable(); }
	// A sentence that says why it is off.
	const std::string &reason() const { return reason_; }
	// How often events were lost because the socket's buffer or the queue was full, or the command line of one that waits.
	uint64_t lost() const { return lost_; }

	// The events since the last call, in order: all that have happened, even if the thread has not run yet.
	std::vector<ProcessEvent> take();

private:
	bool open_socket();
	void run();
	bool receive();
	void add(ProcessEvent event);

	const bool wants_args_;
	const size_t capacity_;
	OwnedFd socket_;
	OwnedFd stop_;
	OwnedFd proc_;
	std::string reason_;
	std::atomic<uint64_t> lost_ = 0;
	std::mutex mutex_; // guards the socket and the queue, so that events are queued in the order in which they are received
	std::vector<ProcessEvent> events_;
	size_t args_bytes_ = 0; // of those
	std::thread thread_;
};

} // namespace ebtop::proc
