// SPDX-License-Identifier: GPL-2.0-only
#include "connector.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../clock.h"

namespace ebtop::proc {

namespace {

constexpr int receive_bytes = 4 * 1024 * 1024; // about 30,000 events between two drains
constexpr uint64_t tick_ns = 10'000'000;        // of the start time in /proc/PID/stat: USER_HZ is 100

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

// Events carry CLOCK_MONOTONIC, records CLOCK_BOOTTIME.
uint64_t to_boot_ns(uint64_t monotonic_ns) { return monotonic_ns + (boot_ns() - clock_ns(CLOCK_MONOTONIC)); }

} // namespace

Connector::Connector(ProcessTable &processes) : processes_(processes)
{
	sockaddr_nl address{};

	address.nl_family = AF_NETLINK;
	address.nl_groups = CN_IDX_PROC;
	socket_ = ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
	if (socket_ >= 0) {
		setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &receive_bytes, sizeof(receive_bytes));
		if (bind(socket_, reinterpret_cast<sockaddr *>(&address), sizeof(address)) == 0 && listen_to_events(socket_))
			return;
	}
	reason_ = errno == EPERM || errno == EACCES
		? "Forks and exits are not seen as events, only between two refreshes: that takes CAP_NET_ADMIN, as root has."
		: "Forks and exits are not seen as events, only between two refreshes: this kernel has no proc connector.";
	if (socket_ >= 0)
		close(socket_);
	socket_ = -1;
}

Connector::~Connector()
{
	if (socket_ >= 0)
		close(socket_);
}

void Connector::drain(Batch &batch)
{
	alignas(nlmsghdr) char buffer[16 * 1024];

	while (socket_ >= 0) {
		sockaddr_nl from{};
		socklen_t from_len = sizeof(from);
		ssize_t got = recvfrom(socket_, buffer, sizeof(buffer), 0, reinterpret_cast<sockaddr *>(&from), &from_len);
		if (got < 0 && errno == ENOBUFS)
			lost_++;
		else if (got < 0 && errno != EINTR)
			return;
		if (got <= 0 || from.nl_pid != 0) // anybody but the kernel
			continue;
		for (auto *head = reinterpret_cast<nlmsghdr *>(buffer); NLMSG_OK(head, got); head = NLMSG_NEXT(head, got)) {
			if (NLMSG_PAYLOAD(head, 0) < sizeof(cn_msg) + offsetof(proc_event, event_data))
				continue;
			proc_event event{};
			auto *message = static_cast<cn_msg *>(NLMSG_DATA(head));
			memcpy(&event, message->data, std::min<size_t>(sizeof(event), NLMSG_PAYLOAD(head, 0) - sizeof(*message)));
			handle(batch, event);
		}
	}
}

void Connector::handle(Batch &batch, const proc_event &event)
{
	uint64_t time = to_boot_ns(event.timestamp_ns);

	switch (uint32_t(event.what)) {
	case proc_event::PROC_EVENT_FORK:
		if (event.event_data.fork.child_pid == event.event_data.fork.child_tgid)
			fork(batch, event, time);
		break;
	case proc_event::PROC_EVENT_EXEC:
		exec(batch, event.event_data.exec.process_tgid, time);
		break;
	case proc_event::PROC_EVENT_EXIT:
		if (event.event_data.exit.process_pid == event.event_data.exit.process_tgid)
			exit(batch, event, time);
		break;
	}
}

void Connector::fork(Batch &batch, const proc_event &event, uint64_t time)
{
	const auto &data = event.event_data.fork;
	Process *parent = processes_.find(data.parent_tgid);
	Process *child = processes_.look_up(data.child_tgid);
	if (!child) { // gone already: it is still known that it was, and whose child
		child = &processes_.insert(data.child_tgid);
		if (parent)
			child->record = parent->record;
		child->record.head.pid = data.child_tgid;
		child->record.head.start = time - time % tick_ns;
		child->record.ppid = data.parent_tgid;
		child->record.threads = 1;
		child->record.cpu_ns = child->record.rss_bytes = 0;
	}
	forks_++;
	if (!processes_.is_wanted(*child))
		return;
	wire_process record = child->record;
	record.head.time = time;
	batch.append(WIRE_FORK, record);
}

void Connector::exec(Batch &batch, uint32_t pid, uint64_t time)
{
	Process *process = processes_.look_up(pid);

	execs_++;
	if (!process && !(process = processes_.find(pid)))
		return;
	if (!processes_.is_wanted(*process))
		return;
	wire_exec record{};
	record.head = process->record.head;
	record.head.time = time;
	record.ppid = process->record.ppid;
	record.uid = process->record.uid;
	record.gid = process->record.gid;
	memcpy(record.comm, process->record.comm, sizeof(record.comm));
	batch.append(WIRE_EXEC, record);
	processes_.append_details(batch, *process);
}

void Connector::exit(Batch &batch, const proc_event &event, uint64_t time)
{
	const auto &data = event.event_data.exit;
	Process *process = processes_.look_up(data.process_tgid);

	// A zombie whose other threads go on is still alive: what its leader ended with is not the process's status.
	if (process && process->record.threads > 1 && process->record.state == 'Z')
		return;
	if (!process && !(process = processes_.find(data.process_tgid)))
		return;
	if (!processes_.is_wanted(*process))
		return;
	wire_exit record{};
	record.head = process->record.head;
	record.head.time = time;
	record.ppid = process->record.ppid;
	record.uid = process->record.uid;
	memcpy(record.comm, process->record.comm, sizeof(record.comm));
	record.duration_ns = time > record.head.start ? time - record.head.start : 0;
	record.cpu_ns = process->record.cpu_ns;
	record.code = data.exit_code >> 8 & 0xff; // as wait(2) has it
	record.signal = data.exit_code & 0x7f;
	record.flags = data.exit_code & 0x80 ? WIRE_EXIT_CORE : 0;
	batch.append(WIRE_EXIT, record);
}

} // namespace ebtop::proc
