// SPDX-License-Identifier: GPL-2.0-only
#include "c-libraries.h"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>

#include "proc/directory.h"
#include "text-file.h"

namespace ebtop {
namespace {

constexpr size_t most_maps = 1 << 20, most_mounts = 4 << 20, most_counted = 1024;

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
bool is_safe(int file, struct stat &info)
{
	return !fstat(file, &info) && S_ISREG(info.st_mode) && info.st_uid == 0 && !(info.st_mode & (S_IWGRP | S_IWOTH));
}

} // namespace

// A line of /proc/PID/maps.
struct CLibraries::Mapping {
	std::string range;
	File file;
	std::string_view path;
	bool is_code;

	explicit Mapping(std::string_view line)
	{
		Cursor cursor(line);

		range = cursor.word();
		is_code = cursor.word().find('x') != std::string_view::npos;
		cursor.word(); // offset
		file.first = cursor.word();
		file.second = cursor.word();
		path = cursor.rest_of_line();
	}
};

CLibraries::CLibraries(size_t most) : most_(most), proc_(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

std::vector<uint32_t> CLibraries::processes() const
{
	std::vector<uint32_t> pids;

	proc::list_numbers(proc_.get(), pids);
	return pids;
}

CLibraries::Look CLibraries::look_at(uint32_t pid, std::vector<Found> &found)
{
	char path[32];
	Look look = Look::none;

	snprintf(path, sizeof(path), "%u/maps", pid);
	std::string text = read_whole(proc_.get(), path, most_maps);
	if (text.empty())
		return Look::gone;
	for (std::string_view rest = text; !rest.empty();) {
		Mapping mapping(take_line(rest));
		if (!mapping.is_code || !is_c_library(mapping.path))
			continue;
		look = Look::some;
		if (auto known = known_.find(mapping.file); known != known_.end()) {
			if (!known->second.pid) {
				known->second.pid = pid;
				known->second.path = path_of(pid, mapping);
			}
		} else if (OwnedFd file = open(pid, mapping); file.is_open()) {
			found.push_back({mapping.file, std::move(file)});
		}
	}
	return look;
}

// Not by the library's own path, whose folders may be on file systems of another user.
std::string CLibraries::path_of(uint32_t pid, const Mapping &mapping) const
{
	return std::to_string(pid) + "/map_files/" + mapping.range;
}

OwnedFd CLibraries::open(uint32_t pid, const Mapping &mapping)
{
	auto count = [&](std::set<File> &files) {
		if (files.size() < most_counted)
			files.insert(mapping.file);
		return OwnedFd();
	};
	struct stat info;

	if (known_.size() >= most_) {
		is_full_ = true;
		return {};
	}
	if (!is_local(type_of_device(proc_.get(), pid, mapping.file.first)))
		return count(refused_);
	std::string path = path_of(pid, mapping);
	OwnedFd file(openat(proc_.get(), path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
	if (!file.is_open())
		return count(denied_);
	if (!is_safe(file.get(), info))
		return count(refused_);
	known_[mapping.file] = {pid, path, info.st_dev, info.st_ino};
	return file;
}

bool CLibraries::has_unseen()
{
	bool is_any = false;

	for (auto &[file, library] : known_) {
		struct stat info;
		if (library.pid && (fstatat(proc_.get(), library.path.c_str(), &info, 0) || info.st_dev != library.device ||
				    info.st_ino != library.inode))
			library.pid = 0;
		is_any |= !library.pid;
	}
	return is_any;
}

std::vector<CLibraries::File> CLibraries::forget_unseen()
{
	std::vector<File> forgotten;

	for (auto at = known_.begin(); at != known_.end();) {
		if (at->second.pid) {
			++at;
			continue;
		}
		forgotten.push_back(at->first);
		at = known_.erase(at);
		is_full_ = false;
	}
	return forgotten;
}

} // namespace ebtop
