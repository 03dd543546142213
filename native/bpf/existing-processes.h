// SPDX-License-Identifier: GPL-2.0-only
// Processes without a fork record: older than the session, or the record was lost. The data of an exec record is read once
// from /proc.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "../source.h"
#include "../owned-fd.h"

namespace ebtop::bpf {

class ExistingProcesses {
public:
	explicit ExistingProcesses(bool no_args);
	int proc_dir() const { return proc_.get(); }
	ExistingProcesses(const ExistingProcesses &) = delete;
	ExistingProcesses &operator=(const ExistingProcesses &) = delete;

	// Called with every record from the ring.
	void on_record(const wire_head &head);
	// Called for each process that a pass of the task iterator found, and at its end.
	void on_process(Batch &batch, const wire_process &process);
	void end_pass();
	// Exec records were lost: what is known about programs may be out of date.
	void distrust() { known_.clear(); }

private:
	const OwnedFd proc_;
	const bool no_args_;
	uint64_t pass_ = 0;
	std::map<std::pair<uint32_t, uint64_t>, uint64_t> known_; // (pid, start) -> the last pass that found it
};

} // namespace ebtop::bpf
