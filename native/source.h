// SPDX-License-Identifier: GPL-2.0-only
// Where records come from: BPF or /proc. Both fill batches; nothing above this interface can tell them apart.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "batch.h"

namespace ebtop {

enum concern : unsigned {
	CONCERN_PROCESS = 1,
	CONCERN_SYSCALL = 2,
	CONCERN_IPC = 4,
	CONCERN_FILE = 8,
	CONCERN_TCP = 16,
	CONCERN_DISK = 32,
	CONCERN_THREAD = 64,
	CONCERN_ALL = 127,	 // the usual ones
	CONCERN_FOLLOW = 1 << 7, // follows its pids, or one of all processes, into the daemons that work for them
	CONCERN_SCHED = 1 << 30,
	CONCERN_REFUSAL = 1u << 31, // calls that seccomp refuses
};

// Events that no concern needs, one bit each, after those of the concerns. Events of processes come with every session.
constexpr unsigned first_event = 32;
constexpr uint64_t EVENT_SIGNAL = 1ull << first_event, EVENT_TCP = 2ull << first_event, EVENT_DISK = 4ull << first_event;

// Bits from this one on stand for values of enum wire_event, from 1 on.
constexpr unsigned first_call_event = first_event + 3;

constexpr uint64_t call_event(wire_event event)
{
	return 1ull << (first_call_event + event - 1);
}

struct SourceOptions {
	bool is_proc = false;
	std::string why_not_bpf; // a sentence, for /proc
	unsigned concerns = CONCERN_ALL;
	unsigned standby = 0;	  // concerns that Source::want() may add: loaded, but not attached until then
	bool is_in_parts = false; // load_rest() loads what the first refresh can do without
	uint64_t events = 0;
	std::vector<uint32_t> pids;
	std::string comm; // glob
	bool latency = false;
	bool no_args = false;
	std::map<std::string, std::string> force; // probe -> variant
	uint32_t syscall_capacity = 65536;
	uint32_t io_capacity = 65536;
	uint32_t birth_capacity = 16384;
	uint32_t disk_capacity = 4096;
	uint32_t sched_capacity = 8192;
	uint32_t wake_capacity = 8192;
	uint32_t shares_capacity = 4096;
	uint32_t ring_bytes = 8 << 20;
	// Sizes of the maps with these names
	uint32_t spill_capacity = 8192;
	uint32_t disk_requests_capacity = 16384;
	uint32_t addresses_capacity = 4096;
	uint32_t wanted_capacity = 65536;
	uint32_t peers_capacity = 65536;
	uint32_t channels_capacity = 65536;
	uint32_t exited_capacity = 4096;
	uint32_t taken_events_capacity = 4096;
	uint32_t shm_names_capacity = 65536;
	uint32_t process_events_capacity = 100'000; // of the proc connector, between two drains
	uint32_t process_program_bytes = 8 << 20;   // of those: paths, command lines and cgroups, which may be long
	uint32_t cgroups_capacity = 8192;
	uint32_t followed_capacity = 4096;
	uint32_t follow_streams_capacity = 16384;
	uint32_t follow_threads_capacity = 32768;
	uint32_t follow_requests_capacity = 16384;
	uint32_t follow_budget = 20000;	      // steps of one daemon in a second
	uint32_t follow_open_us = 10'000'000; // how long after a request its daemon's steps are sent
	uint32_t networks = 0;		      // read in one refresh, besides ebtop's own; 0: as many as time allows

	unsigned possible() const { return concerns | standby; }
	bool operator==(const SourceOptions &) const = default;
};

// What failed and what to do about it, for the user. `code` is one of those in index.d.ts.
class SourceError : public std::runtime_error {
public:
	SourceError(const char *code, const std::string &message) : std::runtime_error(message), code(code) {}
	const char *code;
};

class Source {
public:
	virtual ~Source() = default;
	// Appends records that came since the last call, without counters; at most `most` bytes from a ring, rounded up to
	// a whole record.
	virtual void drain(Batch &batch, uint32_t most) = 0;
	// One refresh, without its WIRE_TICK.
	virtual void sweep(Batch &batch) = 0;
	// Which concerns of `standby` are wanted besides those of the options, from now on.
	virtual void want(unsigned concerns) = 0;
	// From now on only this process and its descendants are followed; 0: nothing.
	virtual void follow(uint32_t pid) = 0;
	// With is_in_parts: loads what was left out, on any thread, while others may be called; then attach_rest() is called,
	// on the thread of the others.
	virtual void load_rest() {}
	virtual void attach_rest() {}
	// The options it was opened with, and its thread that enters network namespaces (0: none): see privileges/.
	virtual const SourceOptions &options() const = 0;
	virtual int visitor() const = 0;
};

} // namespace ebtop
