// SPDX-License-Identifier: GPL-2.0-only
#include "user-namespaces.h"

#include <cstdio>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "../own-namespace.h"
#include "../owned-fd.h"

namespace ebtop::proc {

namespace {

constexpr size_t max_makers = 4096; // beyond it all are dropped and looked up again
constexpr int levels = 33;	    // the kernel allows no more

} // namespace

UserNamespaces::UserNamespaces() : own_(own_namespace("user")) {}

uint32_t UserNamespaces::maker_of(uint32_t inode, int proc_dir, uint32_t pid, uint32_t uid)
{
	char path[32];
	uint32_t maker = uid;

	if (!inode || inode == own_)
		return uid;
	if (auto known = makers_.find(inode); known != makers_.end())
		return known->second;
	snprintf(path, sizeof(path), "%u/ns/user", pid);
	OwnedFd at(openat(proc_dir, path, O_RDONLY | O_CLOEXEC));
	for (int level = 0; at.is_open() && level < levels; level++) {
		struct stat status {};
		uid_t owner;
		if (fstat(at.get(), &status) != 0 || status.st_ino == own_ || ioctl(at.get(), NS_GET_OWNER_UID, &owner) != 0)
			break;
		maker = owner;
		at = OwnedFd(ioctl(at.get(), NS_GET_PARENT)); // refused above ebtop's own
	}
	if (makers_.size() >= max_makers)
		makers_.clear();
	return makers_[inode] = maker;
}

} // namespace ebtop::proc
