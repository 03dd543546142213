// SPDX-License-Identifier: GPL-2.0-only
#include "fd-scan.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../clock.h"
#include "../owned-fd.h"
#include "../shortage.h"
#include "directory.h"
#include "object-records.h"
#include "turn.h"

namespace ebtop::proc {

namespace {

constexpr uint64_t first_budget_ns = 2000 * ms; // what exists at the start belongs in the first snapshot
constexpr uint64_t busy_budget_ns = 12 * ms;	// for processes that ran
constexpr uint64_t threads_budget_ns = 2 * ms;	// for processes whose first thread slept; the others may have run
constexpr uint64_t idle_budget_ns = ms / 2;	// for those that slept: an open file may have been renamed

} // namespace

FdScan::FdScan(ProcessTable &processes, const SocketTable &sockets, IoScan &io, unsigned concerns)
	: processes_(processes), sharing_(processes, held_), positions_(io, sharing_), sockets_(sockets),
	  concerns_(concerns & (CONCERN_FILE | CONCERN_IPC | CONCERN_TCP))
{
}

void FdScan::scan(Batch &batch)
{
	uint64_t began = boot_ns();

	sharing_.begin();
	held_.release(processes_.released());
	positions_.release(processes_.released());
	for (const Process *process : processes_.wanted())
		held_[*process].has_run |= process->has_run;
	read_in_turn(batch, busy_budget_ns, next_busy_, [this](const Process &process, const OpenDescriptors &open) {
		return (open.has_run && process.pid() != own_pid_) || !open.read_ns;
	});
	read_in_turn(batch, threads_budget_ns, next_with_threads_, [&](const Process &process, const OpenDescriptors &open) {
		return process.has_threads() && process.pid() != own_pid_ && open.read_ns < began;
	});
	read_in_turn(batch, idle_budget_ns, next_idle_,
		     [&](const Process &, const OpenDescriptors &open) { return open.read_ns < began; });
	is_first_ = false;
	sum_up(began);
}

template <class IsDue> void FdScan::read_in_turn(Batch &batch, uint64_t budget_ns, uint32_t &next_pid, IsDue is_due)
{
	uint64_t end = work_ns() + (is_first_ ? first_budget_ns : budget_ns);

	for (const Process *process : in_turn(processes_.wanted(), next_pid)) {
		OpenDescriptors &open = held_[*process];
		if (!is_due(*process, open))
			continue;
		next_pid = process->pid();
		if (work_ns() >= end)
			break;
		read(batch, *process, open);
	}
}

void FdScan::sum_up(uint64_t began)
{
	uint64_t oldest = began;

	denied_ = 0;
	for (const Process *process : processes_.wanted()) {
		const OpenDescriptors &open = held_[*process];
		bool is_refused = open.refusal.holds(*process);
		denied_ += is_refused;
		if (!is_refused && (open.has_run || process->has_threads()))
			oldest = std::min(oldest, open.read_ns);
	}
	oldest_ns_ = began - oldest;
}

void FdScan::read(Batch &batch, const Process &process, OpenDescriptors &open)
{
	char path[32];

	open.has_run = false;
	if (process.is_kernel_thread() || open.refusal.holds(process)) {
		open.read_ns = boot_ns();
		return;
	}
	snprintf(path, sizeof(path), "%u/fd", process.pid());
	OwnedFd dir(openat(processes_.proc_dir(), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (!dir.is_open() && is_shortage(errno)) {
		processes_.note_shortage(errno);
		open.has_run = true;
		return;
	}
	if (!dir.is_open()) {
		open.refusal.note(process, errno == EACCES || errno == EPERM);
		open.read_ns = boot_ns();
		return;
	}
	open.has_changed |= read_descriptors(dir.get(), process, open);
	if (concerns_ & CONCERN_FILE)
		positions_.sample(batch, dir.get(), process, open.objects);
	open.read_ns = boot_ns();
}

// Descriptors come in ascending order, like the known ones: both lists are walked in parallel.
bool FdScan::read_descriptors(int dir, const Process &process, OpenDescriptors &open)
{
	static thread_local std::vector<uint32_t> numbers;
	std::vector<Descriptor> found;
	bool has_changed = false;

	if (!list_numbers(dir, numbers))
		return false;
	found.reserve(numbers.size());
	for (uint32_t fd : numbers) {
		has_changed |= read_descriptor(dir, fd, process, open, found);
		if (open.refusal.holds(process))
			break;
	}
	has_changed |= found.size() != open.objects.size();
	open.objects = std::move(found);
	return has_changed;
}

// Moves a known descriptor to `found`, or describes a new one. True if it is new.
bool FdScan::read_descriptor(int dir, uint32_t fd, const Process &process, OpenDescriptors &open,
			     std::vector<Descriptor> &found)
{
	char entry[16];
	char link[WIRE_PATH_MAX];

	if (process.pid() == own_pid_ && (fd == uint32_t(dir) || processes_.keeps_open(fd)))
		return false; // opened by this scan itself
	snprintf(entry, sizeof(entry), "%u", fd);
	ssize_t len = readlinkat(dir, entry, link, sizeof(link));
	if (len < 0 && errno != ENAMETOOLONG) {
		if (errno == EACCES || errno == EPERM) // its numbers may be read, but not what they point to
			open.refusal.note(process, true);
		return false;
	}
	std::string_view text(link, std::max<ssize_t>(len, 0));
	uint64_t hash = hash_of(text);
	auto known = std::lower_bound(open.objects.begin(), open.objects.end(), fd,
				      [](const Descriptor &at, uint32_t number) { return at.number < number; });
	if (known != open.objects.end() && known->number == fd && known->link == hash) {
		found.push_back(std::move(*known)); // the moved-from entry keeps its number, so the list stays sorted
		return false;
	}
	Descriptor descriptor;
	descriptor.number = fd;
	descriptor.link = hash;
	if (!kinds_.describe(dir, entry, text, descriptor))
		return false;
	if (descriptor.object.kind == WIRE_KIND_SOCKET &&
	    sockets_.describe(descriptor.object.ino, descriptor.object, descriptor.name))
		descriptor.socket = sockets_.find(descriptor.object.ino)->hash();
	mode_t type = descriptor.object.mode & S_IFMT;
	bool is_file = type && type != S_IFSOCK && descriptor.object.kind != WIRE_KIND_PIPE;
	if (is_file && concerns_ & CONCERN_FILE)
		positions_.begin(dir, process, descriptor, open.read_ns != 0);
	found.push_back(std::move(descriptor));
	return true;
}

void FdScan::update_sockets(Batch &batch)
{
	for (const Process *process : processes_.wanted()) {
		for (Descriptor &descriptor : held_[*process].objects) {
			wire_object &object = descriptor.object;
			if ((object.mode & S_IFMT) != S_IFSOCK)
				continue;
			const SocketInfo *info = sockets_.find(object.ino);
			if (!info || info->hash() == descriptor.socket)
				continue;
			sockets_.describe(object.ino, object, descriptor.name);
			descriptor.socket = info->hash();
			append_object(batch, *process, descriptor);
		}
	}
	index_owners();
}

void FdScan::index_owners()
{
	owners_.clear();
	for (const Process *process : processes_.wanted())
		for (const Descriptor &descriptor : held_[*process].objects)
			if (descriptor.object.kind == WIRE_KIND_TCP)
				owners_[descriptor.object.ino].push_back(process);
}

const wire_head *FdScan::owner_of(const SocketInfo &socket) const
{
	auto found = owners_.find(socket.tcp.ino);
	if (found == owners_.end())
		return nullptr;
	auto is_older = [](const Process *a, const Process *b) {
		return std::pair(a->record.head.start, a->pid()) < std::pair(b->record.head.start, b->pid());
	};
	const std::vector<const Process *> &holders = found->second;
	const Process *oldest = *std::min_element(holders.begin(), holders.end(), is_older);
	const Process *owner = oldest;
	if (socket.tcp.role == WIRE_TCP_ROLE_LISTENER)
		return &oldest->record.head;
	for (const Process *holder : holders)
		if (is_older(owner, holder) && !memcmp(holder->record.comm, oldest->record.comm, WIRE_COMM_LEN))
			owner = holder;
	return &owner->record.head;
}

} // namespace ebtop::proc
