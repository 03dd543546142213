// SPDX-License-Identifier: GPL-2.0-only
// Fork, exec and exit as events of the proc connector. Most processes are gone by the next refresh, so a thread waits for
// events and reads at once what /proc still shows of each.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "../owned-fd.h"
#include "event-socket.h"

namespace ebtop::proc {

class EventReader {
public:
	// `capacity`: events that wait to be taken; more are lost. `program_bytes`: paths, command lines and cgroups of theirs;
	// of an exec past these nothing is read of its program.
	EventReader(bool wants_args, size_t capacity, size_t program_bytes);
	~EventReader();
	EventReader(const EventReader &) = delete;
	EventReader &operator=(const EventReader &) = delete;

	bool is_on() const { return thread_.joinable(); }
	// A sentence that says why it is off.
	const std::string &reason() const { return reason_; }
	// How often events were lost because the socket's buffer or the queue was full, or the program of one that waits.
	uint64_t lost() const { return lost_; }

	// The events since the last call, in order: all that have happened, even if the thread has not run yet.
	std::vector<ProcessEvent> take();

private:
	void run();
	bool receive();
	void add(ProcessEvent event);

	const ProgramParts wanted_;
	const size_t capacity_;
	const size_t program_bytes_max_;
	EventSocket socket_;
	OwnedFd stop_;
	OwnedFd proc_;
	std::string reason_;
	std::atomic<uint64_t> lost_ = 0;
	std::mutex mutex_; // guards the socket and the queue, so that events are queued in the order in which they are received
	std::vector<ProcessEvent> arrived_; // those of one datagram
	std::vector<ProcessEvent> events_;
	size_t program_bytes_ = 0; // of those
	std::thread thread_;
};

} // namespace ebtop::proc
