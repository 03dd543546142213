// SPDX-License-Identifier: GPL-2.0-only
// Whether something failed because there is no more of it now, and not because of what was asked for: what is known then
// stays as it was, and the next refresh asks again.
#pragma once

#include <cerrno>

namespace ebtop {

inline bool is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS || error == EAGAIN;
}

} // namespace ebtop
