// SPDX-License-Identifier: GPL-2.0-only
// The addresses of this machine in all its network namespaces. Datagrams to other addresses are not counted by destination:
// no process of this machine receives them, and a name server has too many destinations.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "../network-visits.h"
#include "batch.h"

struct bpf_map;

namespace ebtop::bpf {

class IpcAddresses {
public:
	IpcAddresses(bpf_map *map, NetVisitor &visitor);

	// Updates the map: reads new namespaces, and of the others as many as time allows, the longest unread first.
	void refresh(const Networks &networks);
	// How full the map is.
	void append_map(Batch &batch) const;

private:
	using Address = std::array<uint8_t, 16>; // IPv4 as ::ffff:a.b.c.d
	using Addresses = std::set<Address>;
	struct Space {
		uint32_t holder = 0;
		Addresses addresses; // those in the map
		size_t left_out = 0;
	};

	static std::optional<Addresses> collect();
	void take(uint32_t network, const Addresses &found);
	size_t used_by(uint32_t holder) const;
	bool add(const Address &address);
	void remove(const Address &address);

	const int map_fd_;
	const uint32_t capacity_, own_network_;
	NetworkVisits visits_;
	std::map<uint32_t, Space> spaces_;   // by network namespace
	std::map<Address, uint32_t> counts_; // in how many namespaces each address is
	uint64_t refreshed_ns_ = 0;
};

} // namespace ebtop::bpf
