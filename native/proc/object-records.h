// SPDX-License-Identifier: GPL-2.0-only
// Sends the objects of processes as WIRE_OBJECT, if they have changed.
#pragma once

#include <vector>

#include "../batch.h"
#include "held-objects.h"
#include "process-table.h"

namespace ebtop::proc {

class ObjectRecords {
public:
	ObjectRecords(const ProcessTable &processes, std::vector<HeldObjects *> scans)
		: processes_(processes), scans_(std::move(scans))
	{
	}

	// For each process in which a scan found a change: all its objects, in a WIRE_PASS whose head names the process.
	void append(Batch &batch) const;

private:
	const ProcessTable &processes_;
	const std::vector<HeldObjects *> scans_;
};

void append_object(Batch &batch, const Process &process, const Descriptor &descriptor);

} // namespace ebtop::proc
