// SPDX-License-Identifier: GPL-2.0-only
#include "map-scan.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <unordered_map>

#include "../clock.h"
#include "../owned-fd.h"
#include "../text-file.h"
#include "object-kind.h"
#include "turn.h"

namespace ebtop::proc {

namespace {

constexpr uint64_t first_maps_ns = 1500 * ms;
constexpr uint64_t budget_ns = 5 * ms;

// Calls `each(line)` for all lines of a file of any length. False if it cannot be read.
template <class Each> bool each_line(int fd, Each each)
{
	static thread_local char buffer[64 * 1024];
	size_t used = 0;

	for (;;) {
		ssize_t got = read(fd, buffer + used, sizeof(buffer) - used);
		if (got <= 0)
			return got == 0;
		std::string_view text(buffer, used + got);
		while (text.find('\n') != text.npos)
			each(take_line(text));
		used = text.size() < sizeof(buffer) ? text.size() : 0;
		memmove(buffer, text.data(), used);
	}
}

// Calls `each` with device, inode and name of the first `most` files in /dev/shm, since any user may create any number.
// Returns whether these are all.
template <class Each> bool each_in_shm(size_t most, Each each)
{
	std::unique_ptr<DIR, int (*)(DIR *)> dir(opendir("/dev/shm"), closedir);
	struct stat status {};

	if (!dir || fstat(dirfd(dir.get()), &status) != 0)
		return true;
	uint32_t dev = kernel_dev(major(status.st_dev), minor(status.st_dev));
	for (size_t left = most;;) {
		dirent *entry = readdir(dir.get());
		if (!entry)
			return true;
		if (entry->d_name[0] == '.' && entry->d_type == DT_DIR)
			continue;
		if (left-- == 0)
			return false;
		each(dev, entry->d_ino, entry->d_name);
	}
}

} // namespace

void parse_map_line(std::string_view line, uint32_t ipc_namespace, std::vector<Descriptor> &found)
{
	Cursor fields(line);
	fields.word(); // address
	std::string_view access = fields.word();
	if (access.size() != 4 || access[3] != 's')
		return;
	fields.word(); // offset
	uint32_t dev = fields.number(16) << 20;
	fields.skip(":");
	dev |= fields.number(16);
	uint64_t ino = fields.number();
	std::string_view path = fields.rest_of_line();
	bool is_deleted = take_deleted(path);

	Descriptor descriptor;
	wire_object &object = descriptor.object;
	object.slot = WIRE_NO_SLOT;
	object.how = WIRE_HOW_MAPPED;
	object.mode = S_IFREG;
	object.fmode = (access[0] == 'r' ? 1 : 0) | (access[1] == 'w' ? 2 : 0);
	object.ino = ino;
	object.dev = dev;
	if (path.starts_with("/SYSV")) { // its inode is the id
		object.kind = object.gen = WIRE_KIND_SYSV_SHM;
		object.dev = ipc_namespace;
		object.rdev = Cursor(path.substr(5)).number(16);
		object.mode = 0;
	} else {
		object.kind = shm_kind(path);
		if (path.starts_with("/memfd:"))
			path.remove_prefix(1);
		if (path.starts_with("memfd:") || (is_deleted && path == "/dev/zero")) // shared and anonymous
			object.kind = WIRE_KIND_MEMFD;
		object.name_flags = is_deleted ? WIRE_TEXT_DELETED : 0;
		descriptor.name = path;
	}
	if (object.kind == WIRE_KIND_OTHER)
		return;
	for (const Descriptor &other : found)
		if (is_same(other.object, descriptor.object))
			return;
	found.push_back(std::move(descriptor));
}

// The C library creates a semaphore under a temporary name and then links it to its real one: the mapping keeps the first
// name.
void MapScan::name_semaphores(std::vector<Descriptor> &found)
{
	std::unordered_map<uint64_t, Descriptor *> nameless; // by inode

	for (Descriptor &descriptor : found) {
		const wire_object &object = descriptor.object;
		if (object.kind != WIRE_KIND_POSIX_SEM || !(object.name_flags & WIRE_TEXT_DELETED))
			continue;
		nameless[object.ino] = &descriptor;
	}
	if (nameless.empty())
		return;
	are_all_named_ = each_in_shm(shm_names_max_, [&](uint32_t dev, uint64_t inode, const char *name) {
		auto known = nameless.find(inode);
		if (known == nameless.end() || known->second->object.dev != dev)
			return;
		known->second->name = std::string("/dev/shm/") + name;
		known->second->object.name_flags = 0;
	});
}

std::string MapScan::about_names() const
{
	if (are_all_named_)
		return {};
	return "There are more than " + std::to_string(shm_names_max_) +
	       " files in /dev/shm: semaphores whose file is past these have the name that they were made under.";
}

void MapScan::scan()
{
	uint64_t began = boot_ns(), end = work_ns() + (is_first_ ? first_maps_ns : budget_ns);

	held_.release(processes_.released());
	for (const Process *process : in_turn(processes_.wanted(), next_pid_)) {
		next_pid_ = process->pid();
		if (work_ns() > end)
			break;
		Mappings &mappings = held_[*process];
		if (mappings.vsize != process->vsize && !mappings.refusal.holds(*process) && mappings.due_ns < began)
			read(*process, mappings);
	}
	is_first_ = false;
}

void MapScan::set_owners(const wire_object &segment)
{
	for (const Process *process : processes_.wanted()) {
		for (Descriptor &mapped : held_[*process].objects) {
			if (!is_same(mapped.object, segment))
				continue;
			memcpy(mapped.object.local, segment.local, sizeof(segment.local));
			memcpy(mapped.object.remote, segment.remote, sizeof(segment.remote));
		}
	}
}

void MapScan::read(const Process &process, Mappings &mappings)
{
	char path[32];
	uint64_t began = boot_ns(), work_began = work_ns();
	std::vector<Descriptor> found;

	snprintf(path, sizeof(path), "%u/maps", process.pid());
	OwnedFd maps(openat(processes_.proc_dir(), path, O_RDONLY | O_CLOEXEC));
	if (!maps.is_open()) {
		mappings.refusal.note(process, errno == EACCES || errno == EPERM);
		return;
	}
	mappings.vsize = process.vsize;
	bool is_complete =
		each_line(maps.get(), [&](std::string_view line) { parse_map_line(line, process.record.ns_ipc, found); });
	// A file that grows all the time is not read all the time: at most 1 % of a CPU is spent on one process.
	mappings.due_ns = began + 100 * (work_ns() - work_began);
	auto is_same_mapping = [](const Descriptor &a, const Descriptor &b) { return is_same(a.object, b.object); };
	std::vector<Descriptor> &known = mappings.objects;
	if (!is_complete || std::equal(found.begin(), found.end(), known.begin(), known.end(), is_same_mapping))
		return;
	name_semaphores(found);
	known = std::move(found);
	mappings.has_changed = true;
}

} // namespace ebtop::proc
