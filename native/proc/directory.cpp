// SPDX-License-Identifier: GPL-2.0-only
#include "directory.h"

#include <cstddef>
#include <cstring>
#include <sys/syscall.h>
#include <unistd.h>

#include "../text-file.h"

namespace ebtop::proc {

namespace {

// struct linux_dirent64. Names are read in place, without a DIR and its allocation for each directory.
constexpr size_t at_size = 16;
constexpr size_t at_name = 19;

} // namespace

bool list_numbers(int dir, std::vector<uint32_t> &numbers, uint64_t from)
{
	alignas(8) static thread_local char buffer[32 * 1024];

	numbers.clear();
	if (lseek(dir, off_t(from), SEEK_SET) < 0)
		return false;
	for (;;) {
		long got = syscall(SYS_getdents64, dir, buffer, sizeof(buffer));
		if (got <= 0)
			return got == 0;
		for (long at = 0; at < got;) {
			const char *name = buffer + at + at_name;
			uint16_t size;
			memcpy(&size, buffer + at + at_size, sizeof(size));
			if (*name >= '0' && *name <= '9')
				numbers.push_back(Cursor(std::string_view(name)).number());
			at += size;
		}
	}
}

} // namespace ebtop::proc
