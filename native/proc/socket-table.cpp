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

template <class Value> std::string_view bytes_of(const Value &value)
{
	return {reinterpret_cast<const char *>(&value), sizeof(value)};
}

} // namespace

uint64_t SocketInfo::hash() const
{
	uint64_t numbers[] = {tcp.sock, tcp.ino, kind, tcp.state, tcp.family, tcp.local_port, tcp.remote_port, peer_ino};
	uint64_t hash = hash_of(bytes_of(numbers));

	hash = hash_of(bytes_of(tcp.local), hash);
	hash = hash_of(bytes_of(tcp.remote), hash);
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
		bool is_gone = entry.second.refresh != refresh_ && read_.contains(entry.second.tcp.netns);
		if (is_gone)
			roles_.erase(entry.second.tcp.sock);
		return is_gone;
	});
}

void SocketTable::add(SocketInfo &info, uint32_t netns)
{
	info.tcp.netns = netns;
	info.refresh = refresh_;
	if (info.kind == WIRE_KIND_TCP) {
		if (info.tcp.role != WIRE_TCP_ROLE_UNKNOWN && info.tcp.ino)
			roles_[info.tcp.sock] = info.tcp.role;
		else if (auto known = roles_.find(info.tcp.sock); known != roles_.end())
			info.tcp.role = known->second;
	}
	if (info.tcp.ino)
		sockets_[info.tcp.ino] = std::move(info);
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
	object.sock = info->tcp.sock;
	object.peer = peer ? peer->tcp.sock : 0;
	object.peer_ino = info->peer_ino;
	object.netns = info->tcp.netns;
	object.family = info->tcp.family;
	object.local_port = info->tcp.local_port;
	object.remote_port = info->tcp.remote_port;
	object.state = info->tcp.state;
	memcpy(object.local, info->tcp.local, sizeof(object.local));
	memcpy(object.remote, info->tcp.remote, sizeof(object.remote));
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
	wire_tcp record = info.tcp;

	if (owner)
		record.head = *owner;
	record.head.time = boot_ns();
	record.how = WIRE_HOW_HELD;
	record.flags = WIRE_TCP_COUNTED_HERE;
	batch.append(WIRE_TCP, record);
}

} // namespace ebtop::proc
