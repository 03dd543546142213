// SPDX-License-Identifier: GPL-2.0-only
// Dumps of NETLINK_SOCK_DIAG: all sockets of one family in one network namespace. By hand, as the proc connector: libmnl
// would be one more static library for a few dozen lines.
#pragma once

#include <functional>

#include "socket-info.h"

namespace ebtop::proc {

using EachSocket = std::function<void(SocketInfo &)>;

// `protocol` is IPPROTO_TCP or IPPROTO_UDP, `family` AF_INET or AF_INET6. Both return 0 or errno.
int dump_inet(int netlink, int family, int protocol, const EachSocket &each);
int dump_unix(int netlink, const EachSocket &each);

} // namespace ebtop::proc
