// SPDX-License-Identifier: GPL-2.0-only
// Bytes of regular files, sampled: how far the position of a descriptor moved forward between two samples, but never more
// than the process read or wrote in that time. It does not see files that were opened, read and closed between two samples,
// nor pread and pwrite, which move no position. A seek forward may be taken for a transfer.
#pragma once

#include <cstdint>
#include <vector>

#include "../batch.h"
#include "descriptor.h"
#include "io-scan.h"
#include "per-process.h"
#include "sharing.h"

namespace ebtop::proc {

// The counts of one file that a process has or had open.
struct FileCount {
	uint32_t slot = 0;
	uint32_t dev = 0;
	uint64_t ino = 0;
	uint32_t gen = 0;
	uint64_t opens = 0;
	uint64_t read_bytes = 0;
	uint64_t write_bytes = 0;
	bool is_shared = false;	  // bytes moved through a shared descriptor are missing
	bool has_changed = false; // since it was sent
};

class Positions {
public:
	Positions(IoScan &io, Sharing &sharing) : io_(io), sharing_(sharing) {}

	// Drops the states of the processes that had these places.
	void release(const std::vector<uint32_t> &places) { states_.release(places); }

	// First sample of a descriptor of a file: how it was opened, its position. `opened_now`: it was opened since the
	// last scan, so its position counts from 0.
	void begin(int dir, const Process &process, Descriptor &descriptor, bool opened_now);

	// Samples all positions of a process. Sends a WIRE_POSITION for each that moved or is new, and a WIRE_IO for each
	// file that was opened or through which bytes moved. A movement of a shared open file description counts for no
	// process: the file is marked.
	void sample(Batch &batch, int dir, const Process &process, std::vector<Descriptor> &descriptors);

private:
	struct State {
		std::vector<FileCount> files;
		IoNumbers io_then; // when the positions were last sampled
	};

	FileCount &count_of(std::vector<FileCount> &files, const wire_object &object);
	void count_moved(const Process &process, const Descriptor &descriptor, FileCount &count, IoNumbers &left,
			 uint64_t moved);
	static void append_counts(Batch &batch, const Process &process, std::vector<FileCount> &files);

	IoScan &io_;
	Sharing &sharing_;
	PerProcess<State> states_;
	uint32_t next_slot_ = 0;
};

} // namespace ebtop::proc
