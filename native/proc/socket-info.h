// SPDX-License-Identifier: GPL-2.0-only
// The data of one socket from sock_diag.
#pragma once

#include <cstdint>
#include <string>

#include "../batch.h"

namespace ebtop::proc {

struct SocketInfo {
	uint64_t cookie = 0; // the kernel's number of the socket, never reused; stands in for its address
	uint32_t ino = 0;    // 0: no process owns it (any more)
	uint32_t netns = 0;
	wire_kind kind = WIRE_KIND_SOCKET;
	uint8_t state = 0; // TCP_*
	uint16_t family = 0;
	uint16_t local_port = 0;
	uint16_t remote_port = 0;
	uint8_t local[16] = {};
	uint8_t remote[16] = {};

	// TCP
	uint8_t role = WIRE_TCP_ROLE_UNKNOWN;
	uint32_t rtt_us = 0;
	uint32_t retransmits = 0;
	uint64_t tx_bytes = 0;
	uint64_t rx_bytes = 0;

	// Unix
	uint32_t peer_ino = 0;
	std::string name; // as bound: a path, or NUL and an abstract name

	uint64_t refresh = 0; // the last one that found it

	// Hash of all that goes into a wire_object.
	uint64_t hash() const;
};

} // namespace ebtop::proc
