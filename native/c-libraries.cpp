// SPDX-License-Identifier: GPL-2.0-only
#include "c-libraries.h"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <set>
#include <string_view>
#include <sys/stat.h>

#include "proc/directory.h"
#include "text-file.h"

namespace ebtop {
namespace {

constexpr size_t most_maps = 1 << 20, most_mounts = 4 << 20;

// File systems whose files no process can withhold.
constexpr std::string_view local[] = {"ext4",	"ext3",	    "ext2",  "xfs",  "btrfs", "overlay",  "tmpfs",
				      "rootfs", "squashfs", "erofs", "f2fs", "zfs",   "bcachefs", "ramfs"};

// glibc's name is libc.so.6, before 2.34 often that of a file with its version; musl's that of its loader or libc.so.
bool is_c_library(std::string_view path)
{
	std::string_view name = path.substr(path.rfind('/') + 1);

	return name == "libc.so.6" || name == "libc.so" || (name.starts_with("libc-2.") && name.ends_with(".so")) ||
	       name.starts_with("ld-musl-");
}

// A line of /proc/PID/maps that maps code.
struct Mapping {
	std::string range, device, inode;
	std::string_view path;
};

bool parse(std::string_view line, Mapping &mapping)
{
	Cursor cursor(line);

	mapping.range = cursor.word();
	std::string_view rights = cursor.word();
	cursor.word(); // offset
	mapping.device = cursor.word();
	mapping.inode = cursor.word();
	mapping.path = cursor.rest_of_line();
	return rights.find('x') != rights.npos;
}

// The type of the file system on `device` ("fd:01"), as the process sees its mounts: "" if it has none.
std::string type_of_device(int proc, uint32_t pid, const std::string &device)
{
	char path[32], number[48];
	char *end;
	unsigned long major = strtoul(device.c_str(), &end, 16);

	if (*end != ':')
		return {};
	unsigned long minor = strtoul(end + 1, &end, 16);
	if (*end)
		return {};
	snprintf(path, sizeof(path), "%u/mountinfo", pid);
	snprintf(number, sizeof(number), "%lu:%lu", major, minor);
	std::string text = read_whole(proc, path, most_mounts);
	for (std::string_view rest = text; !rest.empty();) {
		Cursor cursor(take_line(rest));
		cursor.word(); // id
		cursor.word(); // parent
		if (cursor.word() != number)
			continue;
		for (std::string_view word; !(word = cursor.word()).empty();)
			if (word == "-")
				return std::string(cursor.word());
	}
	return {};
}

bool is_local(const std::string &type)
{
	for (std::string_view name : local)
		if (type == name)
			return true;
	return false;
}

// Root's, and nobody else may write to it.
bool is_safe(int file)
{
	struct stat info;

	return !fstat(file, &info) && S_ISREG(info.st_mode) && info.st_uid == 0 && !(info.st_mode & (S_IWGRP | S_IWOTH));
}

} // namespace

CLibraries find_c_libraries(size_t most)
{
	OwnedFd proc(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	std::set<std::pair<std::string, std::string>> seen;
	std::vector<uint32_t> pids;
	CLibraries found;

	proc::list_numbers(proc.get(), pids);
	for (uint32_t pid : pids) {
		char path[64];
		snprintf(path, sizeof(path), "%u/maps", pid);
		std::string text = read_whole(proc.get(), path, most_maps);
		for (std::string_view rest = text; !rest.empty();) {
			Mapping mapping;
			if (!parse(take_line(rest), mapping) || !is_c_library(mapping.path) ||
			    !seen.emplace(mapping.device, mapping.inode).second)
				continue;
			if (!is_local(type_of_device(proc.get(), pid, mapping.device))) {
				found.refused++;
				continue;
			}
			if (found.files.size() >= most) {
				found.beyond++;
				continue;
			}
			// Not by its path, whose folders may be on file systems of another user.
			snprintf(path, sizeof(path), "%u/map_files/", pid);
			OwnedFd file(openat(proc.get(), (path + mapping.range).c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
			if (!file.is_open())
				found.denied++;
			else if (!is_safe(file.get()))
				found.refused++;
			else
				found.files.push_back(std::move(file));
		}
	}
	return found;
}

} // namespace ebtop
