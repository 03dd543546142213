// SPDX-License-Identifier: GPL-2.0
// fstat as a plain system call, so that no glibc newer than 2.28 is needed (see README.md).
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int __wrap_fstat(int fd, struct stat *status);

int __wrap_fstat(int fd, struct stat *status)
{
	return (int)syscall(SYS_fstat, fd, status);
}
