// SPDX-License-Identifier: GPL-2.0-only
#include "peer-user.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "owned-fd.h"
#include "proc/user-namespaces.h"

namespace ebtop {

std::optional<uint32_t> peer_user(int fd)
{
	struct ucred peer {};
	socklen_t length = sizeof(peer);
	struct stat status {};
	char path[32];

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
		return std::nullopt;
	if (peer.pid <= 0)
		return peer.uid; // in a pid namespace that ebtop cannot see
	OwnedFd proc(open("/proc", O_DIRECTORY | O_PATH | O_CLOEXEC));
	snprintf(path, sizeof(path), "%d/ns/user", peer.pid);
	if (fstatat(proc.get(), path, &status, 0) != 0)
		return errno == ENOENT ? std::nullopt : std::optional<uint32_t>(peer.uid);
	return proc::UserNamespaces().maker_of(uint32_t(status.st_ino), proc.get(), uint32_t(peer.pid), peer.uid);
}

} // namespace ebtop
