// SPDX-License-Identifier: GPL-2.0-only
#include "event-reader.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>
#include <unistd.h>

#include "../../bpf/wire/wire.h"
#include "../clock.h"
#include "../own-namespace.h"
#include "../text-file.h"
#include "process.h"

namespace ebtop::proc {

namespace {

constexpr int receive_bytes = 4 * 1024 * 1024;	   // about 30,000 events
constexpr size_t args_bytes_max = 8 * 1024 * 1024; // of the events that wait: anybody may have long command lines

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

// Events carry pids of the first pid namespace, whoever listens: elsewhere they would be mistaken for others.
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

EventReader::EventReader(bool wants_args, size_t capacity) : wants_args_(wants_args), capacity_(capacity)
{
	const char *events = "Forks and exits are seen from one refresh to the next, not as events: ";

	if (!is_in_first_namespaces()) {
		reason_ = std::string(events) + "those say nothing to a container about its own processes.";
		return;
	}
	if (!open_socket()) {
		bool is_denied = errno == EPERM || errno == EACCES;
		reason_ = std::string(events) +
			  (is_denied ? "they take CAP_NET_ADMIN, as root has." : "this kernel has no proc connector.");
		return;
	}
	stop_ = OwnedFd(eventfd(0, EFD_CLOEXEC));
	proc_ = OwnedFd(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	try {
		thread_ = std::thread(&EventReader::run, this);
	} catch (const std::system_error &) {
		reason_ = std::string(events) + "no thread could be started.";
	}
}

EventReader::~EventReader()
{
	if (thread_.joinable()) {
		uint64_t one = 1;
		if (write(stop_.get(), &one, sizeof(one)) == sizeof(one))
			thread_.join();
		else
			thread_.detach();
	}
}

bool EventReader::open_socket()
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

std::vector<ProcessEvent> EventReader::take()
{
	std::vector<ProcessEvent> events;

	while (is_on() && receive())
		;
	std::lock_guard lock(mutex_);
	events.swap(events_);
	args_bytes_ = 0;
	return events;
}

void EventReader::run()
{
	// Most of what it reads is gone within a millisecond. Without CAP_SYS_NICE the priority stays as it is.
	setpriority(PRIO_PROCESS, 0, -20); // 0 is this thread
	pollfd waits[2] = {{socket_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};

	while (poll(waits, 2, -1) >= 0 || errno == EINTR) {
		if (waits[1].revents)
			return;
		while (waits[0].revents && receive())
			;
	}
}

// Receives one datagram, and what /proc shows of its processes. False if there is none.
bool EventReader::receive()
{
	alignas(nlmsghdr) char buffer[16 * 1024];
	sockaddr_nl from{};
	socklen_t from_len = sizeof(from);
	std::lock_guard lock(mutex_);

	ssize_t got = recvfrom(socket_.get(), buffer, sizeof(buffer), 0, reinterpret_cast<sockaddr *>(&from), &from_len);
	if (got < 0) {
		lost_ += errno == ENOBUFS;
		return errno == ENOBUFS || errno == EINTR;
	}
	if (from.nl_pid != 0) // not from the kernel
		return true;
	for (auto *head = reinterpret_cast<nlmsghdr *>(buffer); NLMSG_OK(head, got); head = NLMSG_NEXT(head, got))
		if (auto event = parse_event(NLMSG_DATA(head), NLMSG_PAYLOAD(head, 0)))
			add(std::move(*event));
	return true;
}

std::optional<ProcessEvent> parse_event(const void *message, size_t size)
{
	constexpr size_t at_event = sizeof(cn_msg);
	proc_event raw{};
	ProcessEvent event;

	if (size < at_event + offsetof(proc_event, event_data))
		return std::nullopt;
	memcpy(&raw, static_cast<const char *>(message) + at_event, std::min(sizeof(raw), size - at_event));
	const auto &data = raw.event_data;
	if (uint32_t(raw.what) == proc_event::PROC_EVENT_FORK && data.fork.child_pid == data.fork.child_tgid) {
		event.pid = data.fork.child_tgid;
		event.parent = data.fork.parent_tgid;
	} else if (uint32_t(raw.what) == proc_event::PROC_EVENT_EXEC) {
		event.type = ProcessEvent::Type::exec;
		event.pid = data.exec.process_tgid;
	} else if (uint32_t(raw.what) == proc_event::PROC_EVENT_EXIT && data.exit.process_pid == data.exit.process_tgid) {
		event.type = ProcessEvent::Type::exit;
		event.pid = data.exit.process_tgid;
		event.exit_code = data.exit.exit_code;
	} else {
		return std::nullopt;
	}
	event.time = raw.timestamp_ns;
	return event;
}

// Adds what /proc shows of its process.
void EventReader::add(ProcessEvent event)
{
	char path[32];
	char buffer[WIRE_PATH_MAX];

	event.time = to_boot_ns(event.time);
	// exe is gone when the process ends, stat only when its parent reaps it: so stat is read last.
	if (event.type == ProcessEvent::Type::exec) {
		snprintf(path, sizeof(path), "%u/exe", event.pid);
		ssize_t len = readlinkat(proc_.get(), path, buffer, sizeof(buffer));
		event.exe.assign(buffer, std::max<ssize_t>(len, 0));
		snprintf(path, sizeof(path), "%u/cmdline", event.pid);
		if (wants_args_ && args_bytes_ < args_bytes_max)
			event.args = read_whole(proc_.get(), path, WIRE_ARGS_MAX + 1);
		else
			lost_ += wants_args_;
		snprintf(path, sizeof(path), "%u/cgroup", event.pid);
		event.cgroup = read_file(proc_.get(), path, buffer);
	}
	snprintf(path, sizeof(path), "%u/stat", event.pid);
	event.stat = read_once(proc_.get(), path, buffer);
	Process read;
	if (parse_stat(event.stat, read) && read.record.head.start > event.time) { // the pid has another owner now
		event.stat.clear();
		event.exe.clear();
		event.args.clear();
		event.cgroup.clear();
	}
	if (events_.size() < capacity_) {
		args_bytes_ += event.args.size();
		events_.push_back(std::move(event));
	} else {
		lost_++;
	}
}

} // namespace ebtop::proc
