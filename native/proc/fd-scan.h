// SPDX-License-Identifier: GPL-2.0-only
// Reads the open descriptors of processes: first all, then in turns within a time budget.
#pragma once

#include <cstdint>
#include <unistd.h>
#include <unordered_map>
#include <vector>

#include "io-scan.h"
#include "object-kind.h"
#include "open-descriptors.h"
#include "positions.h"
#include "process-table.h"
#include "sharing.h"
#include "socket-table.h"

namespace ebtop::proc {

class FdScan : public HeldBy<OpenDescriptors> {
public:
	FdScan(ProcessTable &processes, const SocketTable &sockets, IoScan &io, unsigned concerns);

	// Reads as many processes as the budget allows, those that ran first, and sends what their file positions show.
	void scan(Batch &batch);
	// Sends the objects whose socket has changed. Called after the scan.
	void update_sockets(Batch &batch);

	// The process with which a socket is shown: for a listener the oldest that holds it; for a connection the youngest
	// that runs the same program, since that one serves it.
	const wire_head *owner_of(const SocketInfo &socket) const;

	size_t denied() const { return denied_; }
	// The age of the oldest read of descriptors that may have changed since.
	uint64_t oldest_ns() const { return oldest_ns_; }

private:
	template <class IsDue> void read_in_turn(Batch &batch, uint64_t budget_ns, uint32_t &next_pid, IsDue is_due);
	void read(Batch &batch, const Process &process, OpenDescriptors &open);
	bool read_descriptors(int dir, const Process &process, OpenDescriptors &open);
	bool read_descriptor(int dir, uint32_t fd, const Process &process, OpenDescriptors &open,
			     std::vector<Descriptor> &found);
	void sum_up(uint64_t began);
	void index_owners();

	ProcessTable &processes_;
	Sharing sharing_;
	Positions positions_;
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
	std::unordered_map<uint32_t, std::vector<const Process *>> owners_; // by the inode of the socket
};

} // namespace ebtop::proc
