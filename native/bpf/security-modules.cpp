// SPDX-License-Identifier: GPL-2.0-only
#include "security-modules.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "owned-fd.h"
#include "text-file.h"

namespace ebtop::bpf {
namespace {

// securityfs without a mount point: nobody else sees it, and it is gone when the descriptor is closed. Needs
// CAP_SYS_ADMIN; without it the descriptor is not open.
OwnedFd detached_securityfs()
{
	OwnedFd context(int(syscall(SYS_fsopen, "securityfs", FSOPEN_CLOEXEC)));
	if (!context.is_open() || syscall(SYS_fsconfig, context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0))
		return {};
	return OwnedFd(int(syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC, 0)));
}

} // namespace

std::string security_modules()
{
	char buffer[1024];

	std::string_view modules = read_file(AT_FDCWD, "/sys/kernel/security/lsm", buffer);
	if (modules.empty()) {
		OwnedFd mount = detached_securityfs();
		if (mount.is_open())
			modules = read_file(mount.get(), "lsm", buffer);
	}
	return std::string(modules.substr(0, modules.find('\n')));
}

} // namespace ebtop::bpf
