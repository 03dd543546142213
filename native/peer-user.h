// SPDX-License-Identifier: GPL-2.0-only
// Which user is at the other end of a unix socket.
#pragma once

#include <cstdint>
#include <optional>

namespace ebtop {

// The user who connected, or who created the user namespace in which his process was: that one may use many numbers. Nothing if
// `fd` is no connected unix socket, or if the process has ended, so that it cannot be told.
std::optional<uint32_t> peer_user(int fd);

} // namespace ebtop
