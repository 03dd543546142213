// SPDX-License-Identifier: GPL-2.0-only
#include "guarded-memory.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ebtop {
namespace {

bool has_capabilities()
{
	__user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	__user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

	return syscall(SYS_capget, &header, data) == 0 && (data[0].permitted || data[1].permitted);
}

} // namespace

void guard_memory()
{
	if (has_capabilities())
		prctl(PR_SET_DUMPABLE, 0);
}

} // namespace ebtop
