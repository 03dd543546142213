// SPDX-License-Identifier: GPL-2.0-only
#include "foreign-files.h"

#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include "owned-fd.h"

namespace ebtop {

namespace {

// Opening a FIFO blocks, and opening some devices has side effects. So the path is first opened with O_PATH, checked, and
// then opened through that descriptor: the file cannot be replaced in between.
OwnedFd open_regular(const std::string &path, size_t limit, std::optional<uid_t> owner)
{
	OwnedFd held(open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
	struct stat file;
	char again[32];

	if (!held.is_open() || fstat(held.get(), &file) != 0 || !S_ISREG(file.st_mode) || size_t(file.st_size) > limit ||
	    (owner && file.st_uid != *owner))
		return OwnedFd();
	snprintf(again, sizeof(again), "/proc/self/fd/%d", held.get());
	return OwnedFd(open(again, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

} // namespace

std::optional<std::string> read_foreign_file(const std::string &path, size_t limit, std::optional<uid_t> owner)
{
	OwnedFd file = open_regular(path, limit, owner);
	std::string text;
	char part[16384];

	if (!file.is_open())
		return std::nullopt;
	while (true) { // st_size cannot be trusted: that of files in /proc is 0
		ssize_t got = read(file.get(), part, sizeof(part));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || text.size() + got > limit)
			return std::nullopt;
		if (got == 0)
			return text;
		text.append(part, got);
	}
}

// A link is followed: an administrator who moves /var/lib/docker to another disk leaves one, and its parent belongs to
// root.
std::optional<std::string> list_foreign_folder(const std::string &path, size_t limit)
{
	int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
	std::unique_ptr<DIR, int (*)(DIR *)> folder(fd < 0 ? nullptr : fdopendir(fd), closedir);
	std::string names;

	if (!folder) {
		OwnedFd left(fd);
		return std::nullopt;
	}
	while (dirent *entry = readdir(folder.get())) {
		std::string_view name = entry->d_name;
		if (name.starts_with('.'))
			continue;
		if (names.size() + name.size() >= limit)
			break;
		names += name;
		names += '\0';
	}
	return names;
}

} // namespace ebtop
