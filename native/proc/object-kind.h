// SPDX-License-Identifier: GPL-2.0-only
// The kind of an open descriptor, from the target of its link in /proc/PID/fd, and from statx if that is not enough.
#pragma once

#include <string_view>
#include <unordered_map>

#include "descriptor.h"

namespace ebtop::proc {

class ObjectKinds {
public:
	ObjectKinds();

	// `dir` is /proc/PID/fd, `entry` the descriptor's number, `link` what it points to ("" if that is too long).
	// False if it is gone.
	bool describe(int dir, const char *entry, std::string_view link, Descriptor &descriptor);

private:
	bool describe_file(int dir, const char *entry, Descriptor &descriptor);
	void describe_anonymous(int dir, std::string_view link, Descriptor &descriptor);
	void describe_tty(int dir, const char *entry, bool is_master, Descriptor &descriptor);
	long file_system(int dir, const char *entry, uint32_t dev);

	uint32_t sockfs_dev_ = 0;
	uint32_t pipefs_dev_ = 0;
	std::unordered_map<uint32_t, long> file_systems_; // magic by device
};

// A device number as the kernel keeps it, and the wire format.
inline uint32_t kernel_dev(uint32_t major, uint32_t minor)
{
	return major << 20 | minor;
}

// Which POSIX object a path of /dev/shm is: shared memory, or a semaphore by its prefix. WIRE_KIND_OTHER if neither.
wire_kind shm_kind(std::string_view path);

// Removes " (deleted)" from a path; true if it was there.
bool take_deleted(std::string_view &path);

} // namespace ebtop::proc
