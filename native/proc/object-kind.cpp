// SPDX-License-Identifier: GPL-2.0-only
#include "object-kind.h"

#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../owned-fd.h"
#include "../text-file.h"
#include "fd-info.h"

namespace ebtop::proc {

namespace {

constexpr long mqueue_magic = 0x19800202;
constexpr long devpts_magic = 0x1cd1;
constexpr uint64_t eventfd_mark = 1ull << 61;
constexpr uint64_t tty_mark = 1ull << 60;

uint32_t dev_of_fd(int fd)
{
	struct statx status {};

	return statx(fd, "", AT_EMPTY_PATH, STATX_INO, &status) == 0 ? kernel_dev(status.stx_dev_major, status.stx_dev_minor)
								     : 0;
}

wire_kind kind_of_mode(uint16_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return WIRE_KIND_REGULAR;
	case S_IFDIR:
		return WIRE_KIND_DIRECTORY;
	case S_IFCHR:
		return WIRE_KIND_CHAR;
	case S_IFBLK:
		return WIRE_KIND_BLOCK;
	case S_IFLNK:
		return WIRE_KIND_LINK;
	case S_IFIFO:
		return WIRE_KIND_FIFO;
	default:
		return WIRE_KIND_OTHER;
	}
}

// "socket:[123]" → 123; 0 if `link` does not begin with `prefix`.
uint64_t bracketed(std::string_view link, std::string_view prefix)
{
	return link.starts_with(prefix) ? Cursor(link.substr(prefix.size())).number() : 0;
}

} // namespace

wire_kind shm_kind(std::string_view path)
{
	constexpr std::string_view shm = "/dev/shm/";

	if (!path.starts_with(shm))
		return WIRE_KIND_OTHER;
	return path.substr(shm.size()).starts_with("sem.") ? WIRE_KIND_POSIX_SEM : WIRE_KIND_POSIX_SHM;
}

bool take_deleted(std::string_view &path)
{
	constexpr std::string_view deleted = " (deleted)";

	if (!path.ends_with(deleted))
		return false;
	path.remove_suffix(deleted.size());
	return true;
}

ObjectKinds::ObjectKinds()
{
	int ends[2];
	OwnedFd sock(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	if (sock.is_open())
		sockfs_dev_ = dev_of_fd(sock.get());
	if (pipe2(ends, O_CLOEXEC) == 0) {
		OwnedFd from(ends[0]), to(ends[1]);
		pipefs_dev_ = dev_of_fd(from.get());
	}
}

bool ObjectKinds::describe(int dir, const char *entry, std::string_view link, Descriptor &descriptor)
{
	wire_object &object = descriptor.object;
	struct statx status {};

	// The link's own permission bits say how it was opened.
	if (statx(dir, entry, AT_SYMLINK_NOFOLLOW, STATX_MODE, &status) != 0)
		return false;
	object.fmode = (status.stx_mode & S_IRUSR ? 1 : 0) | (status.stx_mode & S_IWUSR ? 2 : 0);
	object.how = WIRE_HOW_HELD;
	object.slot = WIRE_NO_SLOT;
	if (uint64_t ino = bracketed(link, "socket:[")) {
		object.kind = WIRE_KIND_SOCKET;
		object.dev = sockfs_dev_;
		object.ino = ino;
		object.mode = S_IFSOCK;
		return true;
	}
	if (uint64_t ino = bracketed(link, "pipe:[")) {
		object.kind = WIRE_KIND_PIPE;
		object.dev = pipefs_dev_;
		object.ino = ino;
		object.mode = S_IFIFO;
		return true;
	}
	if (link.starts_with("anon_inode:")) {
		describe_anonymous(dir, link.substr(11), descriptor);
		return true;
	}
	if (link.empty())
		object.name_flags = WIRE_TEXT_TRUNCATED;
	else if (take_deleted(link))
		object.name_flags = WIRE_TEXT_DELETED;
	descriptor.name = link;
	return describe_file(dir, entry, descriptor);
}

bool ObjectKinds::describe_file(int dir, const char *entry, Descriptor &descriptor)
{
	wire_object &object = descriptor.object;
	std::string_view name = descriptor.name;
	struct statx status {};

	// Never asks a file server: a dead one would block everything.
	if (statx(dir, entry, AT_STATX_DONT_SYNC, STATX_TYPE | STATX_MODE | STATX_INO | STATX_BTIME, &status) != 0)
		return false;
	object.mode = status.stx_mode;
	object.ino = status.stx_ino;
	object.dev = kernel_dev(status.stx_dev_major, status.stx_dev_minor);
	object.rdev = kernel_dev(status.stx_rdev_major, status.stx_rdev_minor);
	object.kind = kind_of_mode(object.mode);
	if (object.kind == WIRE_KIND_REGULAR) {
		if (name.starts_with("/memfd:")) {
			object.kind = WIRE_KIND_MEMFD;
			descriptor.name.erase(0, 1);
		} else if (wire_kind kind = shm_kind(name)) {
			object.kind = kind;
		} else if (name.rfind('/') == 0 && file_system(dir, entry, object.dev) == mqueue_magic) {
			object.kind = WIRE_KIND_POSIX_MQ;
		}
		descriptor.has_position = object.kind == WIRE_KIND_REGULAR;
		// Inode numbers are reused: the birth time distinguishes a new file from a deleted one.
		if (descriptor.has_position && status.stx_mask & STATX_BTIME)
			object.gen = status.stx_btime.tv_sec * 31 + status.stx_btime.tv_nsec;
	}
	if (object.kind == WIRE_KIND_CHAR) {
		bool is_master = status.stx_rdev_major == 5 && status.stx_rdev_minor == 2;
		if (is_master || (status.stx_rdev_major >= 136 && status.stx_rdev_major <= 143))
			describe_tty(dir, entry, is_master, descriptor);
	}
	return true;
}

void ObjectKinds::describe_anonymous(int dir, std::string_view link, Descriptor &descriptor)
{
	wire_object &object = descriptor.object;
	char buffer[2048];

	object.kind = link == "[eventpoll]" ? WIRE_KIND_EPOLL : WIRE_KIND_ANON;
	descriptor.name = link;
	if (link != "[eventfd]")
		return;
	// All of them share one inode: the kernel's own number (since 5.2) tells them apart.
	std::string_view info = read_fdinfo(dir, descriptor.number, buffer);
	if (info.find("eventfd-id:") == info.npos)
		return;
	object.kind = WIRE_KIND_EVENTFD;
	object.ino = number_after(info, "eventfd-id:");
	object.sock = object.ino | eventfd_mark;
}

// Both ends of a pty get the same name and key: the index, which is unique in one devpts. A master opened through /dev/ptmx
// belongs to the devpts mounted next to it.
void ObjectKinds::describe_tty(int dir, const char *entry, bool is_master, Descriptor &descriptor)
{
	wire_object &object = descriptor.object;
	uint32_t pts = object.dev;
	uint64_t index = (object.rdev & 0xfffff) + ((object.rdev >> 20) - 136) * 256ull;
	char buffer[2048];

	if (is_master) {
		std::string_view info = read_fdinfo(dir, descriptor.number, buffer);
		if (info.find("tty-index:") == info.npos)
			return; // before Linux 4.15
		index = number_after(info, "tty-index:");
		struct statx status {};
		if (file_system(dir, entry, object.dev) != devpts_magic &&
		    statx(dir, "../root/dev/pts", AT_STATX_DONT_SYNC, STATX_INO, &status) == 0)
			pts = kernel_dev(status.stx_dev_major, status.stx_dev_minor);
	}
	object.kind = WIRE_KIND_PTY;
	object.sock = tty_mark | uint64_t(pts) << 24 | index;
	if (is_master)
		descriptor.name = "/dev/pts/" + std::to_string(index);
}

long ObjectKinds::file_system(int dir, const char *entry, uint32_t dev)
{
	auto known = file_systems_.find(dev);
	if (known != file_systems_.end())
		return known->second;
	struct statfs status {};
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, entry);
	if (statfs(path, &status) != 0)
		return 0;
	return file_systems_[dev] = status.f_type;
}

} // namespace ebtop::proc
