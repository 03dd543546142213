// SPDX-License-Identifier: GPL-2.0-only
#include "event-reader.h"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ebtop::proc {

namespace {

std::string sentence(const std::string &why)
{
	return "Forks and exits are seen from one refresh to the next, not as events: " + why;
}

} // namespace

EventReader::EventReader(bool wants_args, size_t capacity, size_t program_bytes)
	: wanted_(wants_args ? ProgramParts::all : ProgramParts::without_args), capacity_(capacity),
	  program_bytes_max_(program_bytes)
{
	if (!socket_.why_not().empty()) {
		reason_ = sentence(socket_.why_not());
		return;
	}
	stop_ = OwnedFd(eventfd(0, EFD_CLOEXEC));
	proc_ = OwnedFd(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	try {
		thread_ = std::thread(&EventReader::run, this);
	} catch (const std::system_error &) {
		reason_ = sentence("no thread could be started.");
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

std::vector<ProcessEvent> EventReader::take()
{
	std::vector<ProcessEvent> events;

	while (is_on() && receive())
		;
	std::lock_guard lock(mutex_);
	events.swap(events_);
	program_bytes_ = 0;
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

// One datagram, and what /proc shows of its processes. False if there is none.
bool EventReader::receive()
{
	std::lock_guard lock(mutex_);

	EventSocket::Received received = socket_.receive(arrived_);
	lost_ += received == EventSocket::Received::loss;
	for (ProcessEvent &event : arrived_)
		add(std::move(event));
	arrived_.clear();
	return received != EventSocket::Received::nothing;
}

void EventReader::add(ProcessEvent event)
{
	bool has_room = program_bytes_ < program_bytes_max_;

	read_process(proc_.get(), has_room ? wanted_ : ProgramParts::none, event);
	lost_ += event.type == ProcessEvent::Type::exec && !has_room;
	if (events_.size() < capacity_) {
		program_bytes_ += event.program_bytes();
		events_.push_back(std::move(event));
	} else {
		lost_++;
	}
}

} // namespace ebtop::proc
