// SPDX-License-Identifier: GPL-2.0-only
// What a thread in futex(2) waits for: the holder of a lock is stored in the waiting program's own memory.
#pragma once

#include <cstdint>

#include "batch.h"
#include "owned-fd.h"

namespace ebtop {

// `value` is a tid in the program's own pid namespace.
struct FutexWait {
	wire_wait wait = WIRE_WAIT_PLAIN;
	uint32_t value = 0;
	bool is_shared = false; // other processes may hold it
};

// Reads the memory of waiting programs. Ask about the threads of one process in a row: its memory stays open until the next
// process.
class FutexReader {
public:
	explicit FutexReader(int proc_dir) : proc_dir_(proc_dir) {}

	FutexWait read(const wire_thread &thread);
	void close() { memory_.reset(); }

private:
	bool read_words(const wire_thread &thread, uint32_t (&words)[3]);

	const int proc_dir_;
	OwnedFd memory_;
	uint32_t pid_ = 0;
};

} // namespace ebtop
