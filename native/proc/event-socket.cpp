// SPDX-License-Identifier: GPL-2.0-only
#include "event-socket.h"

#include <cerrno>
#include <cstring>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <utility>

#include "../clock.h"
#include "../own-namespace.h"

namespace ebtop::proc {

namespace {

constexpr int receive_bytes = 4 * 1024 * 1024; // about 30,000 events

bool listen_to_events(int socket)
{
	constexpr size_t at_message = NLMSG_HDRLEN;
	constexpr size_t at_operation = at_message + sizeof(cn_msg);
	alignas(NLMSG_ALIGNTO) char request[at_operation + sizeof(proc_cn_mcast_op)] = {};
	proc_cn_mcast_op operation = PROC_CN_MCAST_LISTEN;

	auto *head = reinterpret_cast<nlmsghdr *>(request);
	head->nlmsg_len = sizeof(request);
	head->nlmsg_type = NLMSG_DONE;
	auto *message = reinterpret_cast<cn_msg *>(request + at_message);
	message->id = {CN_IDX_PROC, CN_VAL_PROC};
	message->len = sizeof(operation);
	memcpy(request + at_operation, &operation, sizeof(operation));
	return send(socket, request, sizeof(request), 0) == sizeof(request);
}

// Events carry pids of the first pid namespace, so in another one they would name other processes.
bool is_in_first_namespaces()
{
	return is_in_first_pid_namespace() && own_namespace("user") == 0xEFFFFFFD;
}

// Events carry CLOCK_MONOTONIC, records CLOCK_BOOTTIME.
uint64_t to_boot_ns(uint64_t monotonic_ns)
{
	return monotonic_ns + (boot_ns() - clock_ns(CLOCK_MONOTONIC));
}

} // namespace

EventSocket::EventSocket()
{
	if (!is_in_first_namespaces())
		why_not_ = "those say nothing to a container about its own processes.";
	else if (!open())
		why_not_ = errno == EPERM || errno == EACCES ? "they take CAP_NET_ADMIN, as root has."
							     : "this kernel has no proc connector.";
}

bool EventSocket::open()
{
	sockaddr_nl address{};

	address.nl_family = AF_NETLINK;
	address.nl_groups = CN_IDX_PROC;
	socket_ = OwnedFd(socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR));
	if (!socket_.is_open())
		return false;
	if (setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_bytes, sizeof(receive_bytes)) != 0)
		setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_bytes,
			   sizeof(receive_bytes)); // the kernel may allow less
	return bind(socket_.get(), reinterpret_cast<sockaddr *>(&address), sizeof(address)) == 0 &&
	       listen_to_events(socket_.get());
}

EventSocket::Received EventSocket::receive(std::vector<ProcessEvent> &events)
{
	alignas(nlmsghdr) char buffer[16 * 1024];
	sockaddr_nl from{};
	socklen_t from_len = sizeof(from);
	ssize_t got;

	do
		got = recvfrom(socket_.get(), buffer, sizeof(buffer), 0, reinterpret_cast<sockaddr *>(&from), &from_len);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == ENOBUFS ? Received::loss : Received::nothing;
	if (from.nl_pid != 0) // not from the kernel
		return Received::events;
	for (auto *head = reinterpret_cast<nlmsghdr *>(buffer); NLMSG_OK(head, got); head = NLMSG_NEXT(head, got)) {
		if (auto event = parse_event(NLMSG_DATA(head), NLMSG_PAYLOAD(head, 0))) {
			event->time = to_boot_ns(event->time);
			events.push_back(std::move(*event));
		}
	}
	return Received::events;
}

} // namespace ebtop::proc
