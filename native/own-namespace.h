// SPDX-License-Identifier: GPL-2.0-only
// Which namespaces this thread is in.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <unistd.h>

namespace ebtop {

// Inode number of the namespace `kind` ("net", "pid", …) of the calling process; 0 if unknown. Reads the text of the link,
// "net:[4026531840]": stat would need glibc 2.33.
inline uint32_t own_namespace(const char *kind)
{
	char text[64];
	ssize_t size = readlink((std::string("/proc/self/ns/") + kind).c_str(), text, sizeof(text) - 1);

	if (size <= 0)
		return 0;
	text[size] = 0;
	const char *digits = text;
	while (*digits && *digits != '[')
		digits++;
	return *digits ? strtoul(digits + 1, nullptr, 10) : 0;
}

// Whether this is the first pid namespace, whose pids the kernel itself uses. The first namespaces have fixed numbers.
inline bool is_in_first_pid_namespace()
{
	return own_namespace("pid") == 0xEFFFFFFC;
}

} // namespace ebtop
