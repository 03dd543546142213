// SPDX-License-Identifier: GPL-2.0-only
// A kernel file system in a detached mount: no other process sees it, and it is gone when the descriptor is closed.
#pragma once

#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "owned-fd.h"

namespace ebtop {

// Its root directory. Not open if that is refused (it needs CAP_SYS_ADMIN): see errno.
inline OwnedFd detached_mount(const char *type)
{
	OwnedFd context(int(syscall(SYS_fsopen, type, FSOPEN_CLOEXEC)));
	if (!context.is_open() || syscall(SYS_fsconfig, context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0))
		return {};
	return OwnedFd(int(syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC, 0)));
}

} // namespace ebtop
