// SPDX-License-Identifier: GPL-2.0-only
// The C libraries that processes map: glibc's and musl's, also those of containers.
#pragma once

#include <string>
#include <vector>

#include "owned-fd.h"

namespace ebtop {

struct CLibraries {
	std::vector<OwnedFd> files; // each once, open for reading
	size_t refused = 0;	    // that are not used, since another user could change them or make reading hang
	size_t denied = 0;	    // that this process may not open
	size_t beyond = 0;	    // more than `most`
};

// Looks through /proc once. At most `most` are opened.
CLibraries find_c_libraries(size_t most);

} // namespace ebtop
