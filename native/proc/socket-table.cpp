// SPDX-License-Identifier: GPL-2.0-only
#include "socket-table.h"

#include <cstring>
#include <netinet/in.h>
#include <string_view>

#include "../clock.h"
#include "../hash.h"
#include "../shortage.h"

namespace ebtop::proc {

namespace {

// Stands in for the address of a struct sock: the cookie, with a bit that no cookie has.
constexpr uint64_t cookie_mark = 1ull << 62;

template <class Value> std::string_view bytes_of(const Value &value)
{
	return {reinterpret_cast<const char *>(&value), sizeof(value)};
}

} // namespace

uint64_t SocketInfo::hash() const
{
	uint64_t numbers[] = {cookie, ino, kind, state, family, local_port, remote_port, peer_ino};
	uint64_t hash = hash_of(bytes_of(numbers));

	hash = hash_of(bytes_of(local), hash);
	hash = hash_of(bytes_of(remote), hash);
	return hash_of(name, hash);
}

void SocketTable::begin_refresh()
{
	refresh_++;
	error_ = 0;
	orphans_.clear();
	read_.clear();
}

void SocketTable::read(uint32_t netns, int diag, unsigned concerns, bool is_own)
{
	int error = dump(
		diag, concerns, [&](SocketInfo &info) { add(info, netns); }, is_own);

	if (error)
		error_ = error; // sockets that were not found may still exist
	else
		read_[netns] = false;
}

// 0, or errno if resources ran out. A kernel may refuse some kinds of sockets, such as IPv6 if it is off.
int SocketTable::dump(int diag, unsigned concerns, const EachSocket &each, bool is_own)
{
	int shortage = 0;
	auto note = [&](int error, bool *is_there) {
		if (is_shortage(error))
			shortage = error;
		else if (is_there && is_own)
			*is_there = error == 0;
	};

	note(dump_inet(diag, AF_INET, IPPROTO_TCP, each), &has_inet_);
	note(dump_inet(diag, AF_INET6, IPPROTO_TCP, each), nullptr);
	if (!(concerns & CONCERN_IPC))
		return shortage;
	note(dump_inet(diag, AF_INET, IPPROTO_UDP, each), nullptr);
	note(dump_inet(diag, AF_INET6, IPPROTO_UDP, each), nullptr);
	note(dump_unix(diag, each), &has_unix_);
	return shortage;
}

void SocketTable::forget(uint32_t netns)
{
	read_[netns] = true;
}

void SocketTable::end_refresh()
{
	std::erase_if(sockets_, [this](const auto &entry) {
		bool is_gone = entry.second.refresh != refresh_ && read_.contains(entry.second.netns);
		if (is_gone)
			roles_.erase(entry.second.cookie);
		return is_gone;
	});
}

void SocketTable::add(SocketInfo &info, uint32_t netns)
{
	info.netns = netns;
	info.refresh = refresh_;
	if (info.kind == WIRE_KIND_TCP) {
		if (info.role != WIRE_TCP_ROLE_UNKNOWN && info.ino)
			roles_[info.cookie] = info.role;
		else if (auto known = roles_.find(info.cookie); known != roles_.end())
			info.role = known->second;
	}
	if (info.ino)
		sockets_[info.ino] = std::move(info);
	else if (info.kind == WIRE_KIND_TCP)
		orphans_.push_back(std::move(info));
}

const SocketInfo *SocketTable::find(uint32_t ino) const
{
	auto at = sockets_.find(ino);

	return at == sockets_.end() ? nullptr : &at->second;
}

bool SocketTable::describe(uint32_t ino, wire_object &object, std::string &name) const
{
	const SocketInfo *info = find(ino);

	if (!info)
		return false;
	const SocketInfo *peer = info->peer_ino ? find(info->peer_ino) : nullptr;
	object.kind = info->kind;
	object.sock = info->cookie | cookie_mark;
	object.peer = peer ? peer->cookie | cookie_mark : 0;
	object.peer_ino = info->peer_ino;
	object.netns = info->netns;
	object.family = info->family;
	object.local_port = info->local_port;
	object.remote_port = info->remote_port;
	object.state = info->state;
	memcpy(object.local, info->local, sizeof(object.local));
	memcpy(object.remote, info->remote, sizeof(object.remote));
	bool has_name = !info->name.empty() || !peer;
	object.name_flags = has_name ? 0 : WIRE_TEXT_PEER;
	name = has_name ? info->name : peer->name;
	return true;
}

void SocketTable::append_network(Batch &batch, uint32_t netns, bool is_gone)
{
	wire_network record{};

	record.head.time = boot_ns();
	record.netns = netns;
	record.is_gone = is_gone;
	batch.append(WIRE_NETWORK, record);
}

void SocketTable::append_one(Batch &batch, const SocketInfo &info, const wire_head *owner)
{
	wire_tcp record{};

	if (owner)
		record.head = *owner;
	record.head.time = boot_ns();
	record.sock = info.cookie | cookie_mark;
	record.ino = info.ino;
	record.netns = info.netns;
	record.family = info.family;
	record.local_port = info.local_port;
	record.remote_port = info.remote_port;
	record.state = info.state;
	memcpy(record.local, info.local, sizeof(record.local));
	memcpy(record.remote, info.remote, sizeof(record.remote));
	record.role = info.role;
	record.how = WIRE_HOW_HELD;
	record.flags = WIRE_TCP_COUNTED_HERE;
	record.rtt_us = info.rtt_us;
	record.tx_bytes = info.tx_bytes;
	record.rx_bytes = info.rx_bytes;
	record.retransmits = info.retransmits;
	batch.append(WIRE_TCP, record);
}

} // namespace ebtop::proc
