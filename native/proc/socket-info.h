// SPDX-License-Identifier: GPL-2.0-only
// The data of one socket from sock_diag.
#pragma once

#include <cstdint>
#include <string>

#include "../batch.h"

namespace ebtop::proc {

struct SocketInfo {
	wire_kind kind = WIRE_KIND_SOCKET;
	// As it is sent if it is a TCP socket; other kinds have only sock, ino, netns, family, state, addresses and ports.
	wire_tcp tcp{};

	// Unix
	uint32_t peer_ino = 0;
	std::string name; // as bound: a path, or NUL and an abstract name

	uint64_t refresh = 0; // the last one that found it

	// Hash of all that goes into a wire_object.
	uint64_t hash() const;
};

} // namespace ebtop::proc
