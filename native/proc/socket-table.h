// SPDX-License-Identifier: GPL-2.0-only
// All sockets that sock_diag shows, by inode; a namespace is always read as a whole.
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "../append-pass.h"
#include "../source.h"
#include "sock-diag.h"
#include "socket-info.h"

namespace ebtop::proc {

class SocketTable {
public:
	void begin_refresh();
	// Reads the sockets of one network namespace through `diag`, a socket in it.
	void read(uint32_t netns, int diag, unsigned concerns, bool is_own);
	// No process lives in the namespace any more: its sockets are dropped.
	void forget(uint32_t netns);
	void end_refresh();

	const SocketInfo *find(uint32_t ino) const;
	// Fills in what is known of a socket: addresses, state, its own and its peer's name. False if nothing is known.
	bool describe(uint32_t ino, wire_object &object, std::string &name) const;

	// WIRE_TCP for each TCP socket of the namespaces that were read in this refresh, in a WIRE_PASS. `owner(socket)` is
	// the head of the process that has it, or null.
	template <class Owner> void append_tcp(Batch &batch, Owner owner) const
	{
		append_pass(batch, WIRE_PASS_TCP, false);
		for (const auto &[ino, info] : sockets_)
			if (info.kind == WIRE_KIND_TCP && info.refresh == refresh_)
				append_one(batch, info, owner(info));
		for (const SocketInfo &info : orphans_)
			append_one(batch, info, nullptr);
		for (auto [netns, is_gone] : read_)
			append_network(batch, netns, is_gone);
		append_pass(batch, WIRE_PASS_TCP, true);
	}

	// errno: why some sockets were not read in the last refresh; 0 if all were read.
	int error() const { return error_; }
	// Whether the kernel lists sockets of this kind.
	bool has_inet() const { return has_inet_; }
	bool has_unix() const { return has_unix_; }

private:
	void add(SocketInfo &info, uint32_t netns);
	int dump(int diag, unsigned concerns, const EachSocket &each, bool is_own);
	static void append_one(Batch &batch, const SocketInfo &info, const wire_head *owner);
	static void append_network(Batch &batch, uint32_t netns, bool is_gone);

	uint64_t refresh_ = 0;
	int error_ = 0;
	bool has_inet_ = true;
	bool has_unix_ = true;
	std::unordered_map<uint32_t, SocketInfo> sockets_;
	std::vector<SocketInfo> orphans_; // TIME_WAIT, or closed and still sending: in the namespaces that were read
	std::map<uint32_t, bool> read_;	  // in this refresh, or gone
	std::unordered_map<uint64_t, uint8_t> roles_; // by cookie, from when they could be told
};

} // namespace ebtop::proc
