// SPDX-License-Identifier: GPL-2.0-only
#include "fd-info.h"

#include <cstdio>

#include "../text-file.h"

namespace ebtop::proc {

std::string_view read_fdinfo(int dir, uint32_t fd, char *buffer, size_t size)
{
	char path[32];

	snprintf(path, sizeof(path), "../fdinfo/%u", fd);
	return read_once(dir, path, buffer, size);
}

std::optional<FdInfo> read_fd_info(int dir, uint32_t fd)
{
	char buffer[256]; // both are in the first two lines
	std::string_view text = read_fdinfo(dir, fd, buffer);

	if (text.find("flags:") == text.npos)
		return std::nullopt;
	return FdInfo{number_after(text, "pos:"), uint32_t(number_after(text, "flags:", 8))};
}

} // namespace ebtop::proc
