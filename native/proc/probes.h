// SPDX-License-Identifier: GPL-2.0-only
// The WIRE_PROBE records of this source: from what each concern is read, what is missing, and how to get it.
#pragma once

#include <array>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "../batch.h"

namespace ebtop::proc {

class Probes {
public:
	// What limits this source here; the messages are made from it.
	struct Facts {
		size_t processes = 0;
		bool hides_others = false;
		int shortage = 0; // errno
		size_t io_denied = 0;
		size_t calls_denied = 0;
		size_t fds_denied = 0;
		size_t threads_denied = 0;
		uint64_t oldest_fds_ns = 0;
		std::array<std::string, 2> semaphores; // those not read, those not named: sentences or nothing
		std::string networks;		       // what could not be read, in sentences
		bool has_inet = true;
		bool has_unix = true;
		bool has_events = false;
		uint64_t events_lost = 0;
		std::string events_reason;
	};

	// `concerns`: those that are or may be wanted. `reason` says why BPF cannot be used; empty: this source was asked for.
	Probes(unsigned concerns, const std::string &reason);

	// Appends the probes that differ from what was last sent.
	void append(Batch &batch, unsigned wanted, const Facts &facts);

private:
	struct Sent {
		int state = -1;
		std::string variant;
		std::string reason;
		uint64_t lost = 0;
		bool operator==(const Sent &) const = default;
	};

	void set_syscall(Batch &batch, const Facts &facts);
	void set_tcp(Batch &batch, const Facts &facts);
	void set(Batch &batch, const char *probe, wire_probe_state state, const char *variant,
		 std::initializer_list<std::string_view> sentences, uint64_t lost = 0);

	const unsigned concerns_;
	const std::string reason_;
	std::map<std::string, Sent> sent_; // by probe
};

} // namespace ebtop::proc
