// SPDX-License-Identifier: GPL-2.0-only
// Bytes of regular files, sampled: how far the position of a descriptor moved forward from one look to the next, and
// never more than the process read or wrote in that time. What is opened, read and closed between two looks, and
// pread and pwrite, which move no position, are not seen; a seek forward may pass for a transfer of the process.
#pragma once

#include "../batch.h"
#include "process-table.h"
#include "sharing.h"

namespace ebtop::proc {

// First sight of a descriptor of a file: how it was opened, where it stands. If it was `opened_now`, between two looks,
// its position counts from 0.
void begin_file(int dir, ProcessTable &processes, Process &process, Descriptor &descriptor, bool opened_now);

// Looks at all positions of a process and sends a WIRE_POSITION for each that moved or is new, and a
// WIRE_IO for each file through which bytes went or that was opened. What moved in a shared open file description counts
// for nobody: the file is marked.
void sample_positions(Batch &batch, int dir, ProcessTable &processes, Sharing &sharing, Process &process);

} // namespace ebtop::proc
