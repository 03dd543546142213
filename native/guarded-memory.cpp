// SPDX-License-Identifier: GPL-2.0-only
#include "guarded-memory.h"

#include <sys/prctl.h>

#include "privileges/capabilities.h"

namespace ebtop {

void guard_memory()
{
	if (own_capabilities())
		prctl(PR_SET_DUMPABLE, 0);
}

} // namespace ebtop
