// SPDX-License-Identifier: GPL-2.0-only
// The kernel's proc connector: fork, exec and exit as events. It takes CAP_NET_ADMIN in the first user namespace.
#pragma once

#include <cstdint>
#include <string>

#include "../batch.h"
#include "process-table.h"

struct proc_event;

namespace ebtop::proc {

class Connector {
public:
	explicit Connector(ProcessTable &processes);
	~Connector();
	Connector(const Connector &) = delete;
	Connector &operator=(const Connector &) = delete;

	bool is_on() const { return socket_ >= 0; }
	// Why it is off, a sentence.
	const std::string &reason() const { return reason_; }
	uint64_t forks() const { return forks_; }
	uint64_t execs() const { return execs_; }
	// How often the socket's buffer ran over; each time at least one event was lost.
	uint64_t lost() const { return lost_; }

	void drain(Batch &batch);

private:
	void handle(Batch &batch, const proc_event &event);
	void fork(Batch &batch, const proc_event &event, uint64_t time);
	void exec(Batch &batch, uint32_t pid, uint64_t time);
	void exit(Batch &batch, const proc_event &event, uint64_t time);

	ProcessTable &processes_;
	int socket_ = -1;
	std::string reason_;
	uint64_t forks_ = 0;
	uint64_t execs_ = 0;
	uint64_t lost_ = 0;
};

} // namespace ebtop::proc
