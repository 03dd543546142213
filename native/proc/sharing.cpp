// SPDX-License-Identifier: GPL-2.0-only
#include "sharing.h"

#include <algorithm>
#include <cerrno>
#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ebtop::proc {

namespace {

enum class Comparison { same, different, unknown };

// A kernel may lack kcmp(2), or a container's filter may refuse it.
Comparison compare(uint32_t pid, uint32_t fd, uint32_t other_pid, uint32_t other_fd)
{
	long order = syscall(SYS_kcmp, pid, other_pid, KCMP_FILE, fd, other_fd);

	if (order >= 0)
		return order == 0 ? Comparison::same : Comparison::different;
	bool is_gone = errno == ESRCH || errno == EBADF;
	return is_gone ? Comparison::different : Comparison::unknown;
}

} // namespace

Sharing::Answer Sharing::ask(const Process &process, const Descriptor &descriptor)
{
	const wire_object &object = descriptor.object;
	Answer answer = Answer::alone;

	if (!is_known_)
		index();
	for (const Holder &other : holders_[object.ino]) {
		bool is_mine = other.pid == process.pid();
		if (is_mine && other.fd >= descriptor.number)
			continue;
		Comparison found = compare(process.pid(), descriptor.number, other.pid, other.fd);
		// If kcmp does not answer, descriptors with the same flags are taken for the same.
		if (found == Comparison::different || (found == Comparison::unknown && other.flags != object.flags))
			continue;
		if (is_mine)
			answer = Answer::again;
		else if (!has_slept(other.pid, process))
			return Answer::shared;
	}
	return is_with_stranger(process, descriptor) ? Answer::shared : answer;
}

void Sharing::index()
{
	holders_.clear();
	unread_.clear();
	unwanted_.clear();
	for (const Process *process : processes_.wanted()) {
		const OpenDescriptors *open = open_.find(*process);
		if (!open || !open->read_ns)
			unread_.push_back(process->pid());
		if (!open)
			continue;
		for (const Descriptor &descriptor : open->objects)
			if (descriptor.has_position)
				holders_[descriptor.object.ino].push_back(
					{process->pid(), descriptor.number, descriptor.object.flags});
	}
	if (processes_.has_unwanted())
		processes_.each([this](const Process &process) {
			if (!processes_.is_wanted(process))
				unwanted_.push_back(process.pid());
		});
	is_known_ = true;
}

// Whether that process has slept since the last scan of `process`: a shell that waits for its child, for example.
bool Sharing::has_slept(uint32_t pid, const Process &process) const
{
	const Process *other = processes_.find(pid);
	const OpenDescriptors *open = open_.find(process);

	return other && processes_.has_slept_since(*other, open ? open->read_ns : 0);
}

// Whether it is the same as the descriptor with that number in a process whose descriptors were not read.
bool Sharing::is_with_stranger(const Process &process, const Descriptor &descriptor) const
{
	uint32_t fd = descriptor.number;
	auto has_it = [&](uint32_t pid) {
		return pid != process.pid() && compare(process.pid(), fd, pid, fd) == Comparison::same &&
		       !has_slept(pid, process);
	};
	return std::any_of(unwanted_.begin(), unwanted_.end(), has_it) || std::any_of(unread_.begin(), unread_.end(), has_it);
}

} // namespace ebtop::proc
