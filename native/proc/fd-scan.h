// SPDX-License-Identifier: GPL-2.0-only
// Reads the open descriptors of processes: all of them at first, then in turns within a budget of time.
#pragma once

#include <cstdint>
#include <unistd.h>
#include <unordered_map>
#include <vector>

#include "object-kind.h"
#include "process-table.h"
#include "sharing.h"
#include "socket-table.h"

namespace ebtop::proc {

class FdScan {
public:
	FdScan(ProcessTable &processes, const SocketTable &sockets, unsigned concerns);

	// Reads as many as the budget allows, those that ran first, and sends what changed, here or in the other scans: a
	// WIRE_PASS of one process (its head says which) with all that it holds, or single objects whose socket changed.
	void scan(Batch &batch);

	// Which process a socket is shown with: of a listener the oldest that holds it, of a connection the youngest that
	// runs the same program, for that is the one that serves it.
	const wire_head *owner_of(const SocketInfo &socket) const;

	size_t denied() const { return denied_; }
	// How long ago the descriptors were read that were not read for longest, of processes that may have changed them since.
	uint64_t oldest_ns() const { return oldest_ns_; }

private:
	template <class IsDue> void read_in_turn(Batch &batch, uint64_t budget_ns, uint32_t &next_pid, IsDue is_due);
	void read(Batch &batch, Process &process);
	bool read_descriptors(int dir, Process &process);
	bool read_descriptor(int dir, uint32_t fd, Process &process, std::vector<Descriptor> &found);
	void update_sockets(Batch &batch, Process &process);
	void index_owners();

	ProcessTable &processes_;
	Sharing sharing_;
	const SocketTable &sockets_;
	const unsigned concerns_;
	const uint32_t own_pid_ = getpid();
	ObjectKinds kinds_;
	bool is_first_ = true;
	uint32_t next_busy_ = 0;
	uint32_t next_with_threads_ = 0;
	uint32_t next_idle_ = 0;
	size_t denied_ = 0;
	uint64_t oldest_ns_ = 0;
	std::unordered_map<uint32_t, std::vector<Process *>> owners_; // by the inode of the socket
};

// All that a process holds and maps, between two WIRE_PASS of this process.
void append_objects(Batch &batch, const Process &process);
void append_object(Batch &batch, const Process &process, const Descriptor &descriptor);

} // namespace ebtop::proc
