// SPDX-License-Identifier: GPL-2.0-only
// Turns process events into records: WIRE_FORK, WIRE_EXEC, WIRE_EXIT.
#pragma once

#include <cstdint>

#include "../batch.h"
#include "event-reader.h"
#include "process-records.h"
#include "process-table.h"

namespace ebtop::proc {

class Connector {
public:
	Connector(ProcessTable &processes, ProcessRecords &records, const SourceOptions &options)
		: processes_(processes), records_(records),
		  reader_(!options.no_args, options.process_events_capacity, options.process_program_bytes)
	{
	}

	void drain(Batch &batch);
	// Drops the events that have come so far.
	void forget() { reader_.take(); }
	const EventReader &reader() const { return reader_; }
	uint64_t forks() const { return forks_; }
	uint64_t execs() const { return execs_; }

private:
	void fork(Batch &batch, const ProcessEvent &event);
	void exec(Batch &batch, const ProcessEvent &event);
	void exit(Batch &batch, const ProcessEvent &event);

	ProcessTable &processes_;
	ProcessRecords &records_;
	EventReader reader_;
	uint64_t forks_ = 0;
	uint64_t execs_ = 0;
};

} // namespace ebtop::proc
