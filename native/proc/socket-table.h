// SPDX-License-Identifier: GPL-2.0-only
// All sockets that sock_diag shows, by inode, refreshed as a whole.
#pragma once

#include <unordered_map>
#include <vector>

#include "../append-pass.h"
#include "../source.h"
#include "net-namespaces.h"
#include "socket-info.h"

namespace ebtop::proc {

class SocketTable {
public:
	// `error`: why `spaces` are not all there are, 0 where they are.
	void refresh(const std::vector<NetNamespace> &spaces, unsigned concerns, int error);

	const SocketInfo *find(uint32_t ino) const;
	// Fills in what is known of a socket: addresses, state, its own and its peer's name. False if nothing is.
	bool describe(uint32_t ino, wire_object &object, std::string &name) const;

	// WIRE_TCP for each TCP socket in a WIRE_PASS. `owner(ino)` is the head of the process that has it, or null.
	template <class Owner> void append_tcp(Batch &batch, Owner owner) const
	{
		append_pass(batch, WIRE_PASS_TCP, false);
		for (const auto &[ino, info] : sockets_)
			if (info.kind == WIRE_KIND_TCP)
				append_one(batch, info, owner(info));
		for (const SocketInfo &info : orphans_)
			append_one(batch, info, nullptr);
		if (!error_)
			append_pass(batch, WIRE_PASS_TCP, true);
	}

	// Kinds of sockets that the kernel would not tell about.
	bool has_inet() const { return has_inet_; }
	bool has_unix() const { return has_unix_; }
	// Why the last refresh has not met all sockets: errno, 0 where it has.
	int error() const { return error_; }

private:
	void add(SocketInfo &info, uint32_t netns);
	void note(int error, bool *is_there);
	static void append_one(Batch &batch, const SocketInfo &info, const wire_head *owner);

	uint64_t refresh_ = 0;
	int error_ = 0;
	bool has_inet_ = true;
	bool has_unix_ = true;
	std::unordered_map<uint32_t, SocketInfo> sockets_;
	std::vector<SocketInfo> orphans_; // TIME_WAIT, or closed and still sending
	std::unordered_map<uint64_t, uint8_t> roles_; // by cookie, from when they could be told
};

} // namespace ebtop::proc
