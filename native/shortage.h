// SPDX-License-Identifier: GPL-2.0-only
// Whether something failed for lack of resources, and not because of the request itself: then known state is kept, and the
// next refresh tries again.
#pragma once

#include <cerrno>

namespace ebtop {

inline bool is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS || error == EAGAIN;
}

} // namespace ebtop
