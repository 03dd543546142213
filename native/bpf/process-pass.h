// SPDX-License-Identifier: GPL-2.0-only
// The pass over all processes: finds changes, dead processes, and what no event reported.
#pragma once

#include <optional>

#include "../names.h"
#include "../network-turns.h"
#include "../source.h"
#include "../titles.h"
#include "bpf/exited.h"
#include "bpf/existing-processes.h"
#include "bpf/proc-only-processes.h"
#include "bpf/peers.h"
#include "bpf/task-pass.h"
#include "bpf/reported-processes.h"

extern "C" {
#include "tables.h"
}

namespace ebtop::bpf {

class ProcessPass {
public:
	// `program` is the task iterator's.
	ProcessPass(bpf_program *program, const SourceOptions &options, bool is_everybody_wanted, Names &names, Peers &peers,
		    ExitedProcesses &exited);

	TaskPass &tasks() { return tasks_; }
	int proc_dir() const { return existing_.proc_dir(); }
	// Called with every record from the ring.
	void on_record(const wire_head &head);
	// Corrects the same record in the batch.
	void align(wire_head &record) const;
	// Records of this probe were lost: the next pass restores what it can.
	void notice_loss(probe_id probe);

	// Returns 0, or errno if the pass was broken off.
	int run(Batch &batch);
	// The network namespaces of all processes that the last full pass found.
	const Networks &networks() const { return networks_; }
	// The processes that the last pass found, if it was the first.
	const Starts &met() const { return met_; }

private:
	void visit(Batch &batch, const wire_process &process);

	const bool is_everybody_wanted_;
	Names &names_;
	Peers &peers_;
	ExitedProcesses &exited_;
	TaskPass tasks_;
	ReportedProcesses reported_;
	ExistingProcesses existing_;
	Titles titles_;
	std::optional<ProcOnlyProcesses> proc_only_; // from the first full pass on, if all processes are wanted
	Networks networks_, now_;		     // of the last full pass, and of the one in progress
	Starts met_;				     // if it is needed
	uint64_t passes_ = 0;
	bool has_losses_ = false; // since the last full pass
	bool has_lost_exits_ = false;
};

} // namespace ebtop::bpf
