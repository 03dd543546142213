// SPDX-License-Identifier: GPL-2.0-only
#include "net-namespaces.h"

#include <cerrno>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "../own-namespace.h"

namespace ebtop::proc {

namespace {

// Namespaces that could not be entered are tried again after this many visits.
constexpr uint64_t visits_between_retries = 32;

// In the network namespace of this thread.
OwnedFd open_diag()
{
	return OwnedFd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
}

} // namespace

NetNamespaces::NetNamespaces(uint32_t most) : own_(own_namespace("net")), visits_(visitor_, most)
{
	open_own();
}

bool NetNamespaces::open_own()
{
	if (!own_socket_.is_open())
		own_socket_ = open_diag();
	if (!own_socket_.is_open())
		error_ = errno;
	return own_socket_.is_open();
}

void NetNamespaces::visit(const ProcessList &processes, const std::function<void(uint32_t, int)> &read,
			  const std::function<void(uint32_t)> &gone)
{
	Networks networks;

	error_ = 0;
	for (const Process *process : processes)
		add_inhabitant(networks, process->record.ns_net, {process->pid(), process->record.holder});
	for (uint32_t network : visits_.update(networks))
		gone(network);
	if (visit_++ % visits_between_retries == 0)
		visits_.mark_all_active();
	if (open_own())
		read(own_, own_socket_.get());
	visits_.make([&](uint32_t network) {
		OwnedFd diag = open_diag();
		if (diag.is_open())
			read(network, diag.get());
		else
			error_ = errno;
		return true;
	});
}

std::string NetNamespaces::about() const
{
	return error_ ? about_networks(0, error_) : visits_.about();
}

} // namespace ebtop::proc
