// SPDX-License-Identifier: GPL-2.0
// stat and its kin as plain system calls, so that no glibc newer than 2.28 is needed (see README.md).
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int __wrap_stat(const char *path, struct stat *status);
int __wrap_lstat(const char *path, struct stat *status);
int __wrap_fstat(int fd, struct stat *status);
int __wrap_fstatat(int folder, const char *path, struct stat *status, int flags);

int __wrap_fstatat(int folder, const char *path, struct stat *status, int flags)
{
	return (int)syscall(SYS_newfstatat, folder, path, status, flags);
}

int __wrap_stat(const char *path, struct stat *status)
{
	return __wrap_fstatat(AT_FDCWD, path, status, 0);
}

int __wrap_lstat(const char *path, struct stat *status)
{
	return __wrap_fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

int __wrap_fstat(int fd, struct stat *status)
{
	return (int)syscall(SYS_fstat, fd, status);
}
