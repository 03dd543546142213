// SPDX-License-Identifier: GPL-2.0-only
// The addresses of this machine in all its network namespaces. Datagrams to others are not followed by destination:
// there is no process of ours at the other end, and a name server has too many of them.
#pragma once

#include <array>
#include <cstdint>
#include <set>

#include "bpf/tcp-pass.h"

namespace ebtop::bpf {

class IpcAddresses {
public:
	IpcAddresses(int map_fd, NetVisitor &visitor);

	// Brings the map up to date where the namespaces changed or some time has passed.
	void refresh(const Namespaces &namespaces);

private:
	using Address = std::array<uint8_t, 16>; // IPv4 as ::ffff:a.b.c.d

	static int collect(std::set<Address> &addresses);

	const int map_fd_;
	NetVisitor &visitor_;
	const uint32_t own_namespace_;
	std::set<uint32_t> seen_;
	std::set<Address> known_;
	uint64_t refreshed_ns_ = 0;
};

} // namespace ebtop::bpf
