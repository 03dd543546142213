// SPDX-License-Identifier: GPL-2.0-only
#include "security-modules.h"

#include <fcntl.h>

#include "detached-mount.h"
#include "text-file.h"

namespace ebtop::bpf {

std::string security_modules()
{
	char buffer[1024];

	std::string_view modules = read_file(AT_FDCWD, "/sys/kernel/security/lsm", buffer);
	if (modules.empty()) {
		OwnedFd mount = detached_mount("securityfs");
		if (mount.is_open())
			modules = read_file(mount.get(), "lsm", buffer);
	}
	return std::string(modules.substr(0, modules.find('\n')));
}

} // namespace ebtop::bpf
