// SPDX-License-Identifier: GPL-2.0-only
// /proc/PID/fdinfo/FD. `dir` is the open directory /proc/PID/fd.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ebtop::proc {

// The text, or its first bytes.
std::string_view read_fdinfo(int dir, uint32_t fd, char *buffer, size_t size);
template <size_t N> std::string_view read_fdinfo(int dir, uint32_t fd, char (&buffer)[N])
{
	return read_fdinfo(dir, fd, buffer, N);
}

struct FdInfo {
	uint64_t position;
	uint32_t flags; // O_*
};

// The fields that every descriptor has.
std::optional<FdInfo> read_fd_info(int dir, uint32_t fd);

} // namespace ebtop::proc
