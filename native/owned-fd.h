// SPDX-License-Identifier: GPL-2.0-only
// A file descriptor that is closed when its owner is destroyed.
#pragma once

#include <cerrno>
#include <unistd.h>
#include <utility>

namespace ebtop {

class OwnedFd {
public:
	OwnedFd() = default;
	explicit OwnedFd(int fd) : fd_(fd) {}
	~OwnedFd() { reset(); }
	OwnedFd(OwnedFd &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
	OwnedFd &operator=(OwnedFd &&other) noexcept
	{
		std::swap(fd_, other.fd_);
		return *this;
	}

	// Leaves errno as it was.
	void reset()
	{
		int error = errno;
		if (fd_ >= 0)
			::close(fd_);
		fd_ = -1;
		errno = error;
	}
	int get() const { return fd_; }
	// Hands it to another owner.
	int release() { return std::exchange(fd_, -1); }
	bool is_open() const { return fd_ >= 0; }

private:
	int fd_ = -1;
};

} // namespace ebtop
