// SPDX-License-Identifier: GPL-2.0-only
#include "net-namespaces.h"

#include <cerrno>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../own-namespace.h"

namespace ebtop::proc {

namespace {

int open_diag() { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG); }

} // namespace

NetNamespaces::NetNamespaces() : own_(own_namespace("net"))
{
	open_own();
}

NetNamespaces::~NetNamespaces()
{
	for (auto [inode, diag] : sockets_)
		close(diag);
}

// Gives 0 or errno.
int NetNamespaces::open_own()
{
	int diag = open_diag();

	if (diag < 0)
		return errno;
	sockets_[own_] = diag;
	return 0;
}

void NetNamespaces::update(const std::vector<Process *> &processes)
{
	std::unordered_set<uint32_t> alive;
	std::unordered_map<uint32_t, uint32_t> inodes; // of those to enter, by a process in them
	std::vector<uint32_t> pids;

	for (const Process *process : processes) {
		uint32_t inode = process->record.ns_net;
		if (inode == 0 || inode == own_ || !alive.insert(inode).second)
			continue;
		if (sockets_.contains(inode) || denied_.contains(inode))
			continue;
		inodes[process->pid()] = inode;
		pids.push_back(process->pid());
	}
	error_ = sockets_.contains(own_) ? 0 : open_own();
	auto outcome = visitor_.visit(pids, [&](uint32_t pid) {
		int diag = open_diag();
		if (diag >= 0)
			sockets_[inodes[pid]] = diag;
		else
			error_ = errno;
	});
	if (outcome.error)
		error_ = outcome.error;
	for (uint32_t pid : outcome.denied)
		denied_.insert(inodes[pid]);
	std::erase_if(denied_, [&](uint32_t inode) { return !alive.contains(inode); });
	std::erase_if(sockets_, [&](const auto &entry) {
		bool is_gone = entry.first != own_ && !alive.contains(entry.first);
		if (is_gone)
			close(entry.second);
		return is_gone;
	});
}

std::vector<NetNamespace> NetNamespaces::all() const
{
	std::vector<NetNamespace> spaces;

	for (auto [inode, diag] : sockets_)
		spaces.push_back({inode, diag});
	return spaces;
}

} // namespace ebtop::proc
