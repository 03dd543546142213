// SPDX-License-Identifier: GPL-2.0-only
#include "net-namespaces.h"

#include <cstdio>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "../own-namespace.h"

namespace ebtop::proc {

namespace {

int open_diag() { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG); }

int open_diag_in(uint32_t pid)
{
	char path[48];
	int diag = -1;

	snprintf(path, sizeof(path), "/proc/%u/ns/net", pid);
	int space = open(path, O_RDONLY | O_CLOEXEC);
	if (space < 0)
		return -1;
	try {
		std::thread([&] {
			if (setns(space, CLONE_NEWNET) == 0)
				diag = open_diag();
		}).join();
	} catch (const std::system_error &) { // no thread to be had: tried again at the next refresh
	}
	close(space);
	return diag;
}

} // namespace

NetNamespaces::NetNamespaces() : own_(own_namespace("net"))
{
	int diag = open_diag();

	if (diag >= 0)
		sockets_[own_] = diag;
}

NetNamespaces::~NetNamespaces()
{
	for (auto [inode, diag] : sockets_)
		close(diag);
}

void NetNamespaces::update(const std::vector<Process *> &processes)
{
	static thread_local std::unordered_set<uint32_t> alive;

	alive.clear();
	for (const Process *process : processes) {
		uint32_t inode = process->record.ns_net;
		if (inode == 0 || inode == own_ || !alive.insert(inode).second)
			continue;
		if (sockets_.contains(inode) || denied_.contains(inode))
			continue;
		int diag = open_diag_in(process->pid());
		if (diag >= 0)
			sockets_[inode] = diag;
		else
			denied_.insert(inode);
	}
	std::erase_if(denied_, [](uint32_t inode) { return !alive.contains(inode); });
	std::erase_if(sockets_, [this](const auto &entry) {
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
