// SPDX-License-Identifier: GPL-2.0-only
// Runs a BPF iterator and collects what it writes.
#pragma once

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>
#include <string>
#include <unistd.h>

#include "owned-fd.h"

namespace ebtop::bpf {

// Replaces `bytes` with all that the iterator writes, and closes it. Returns 0, or errno if it was broken off.
inline int read_iterator(OwnedFd iterator, std::string &bytes)
{
	constexpr size_t step = 256 * 1024;
	size_t used = 0;
	ssize_t got;

	if (!iterator.is_open()) {
		bytes.clear();
		return errno;
	}
	do {
		if (bytes.size() < used + step)
			bytes.resize(used + step);
		got = read(iterator.get(), bytes.data() + used, step);
		if (got > 0)
			used += got;
	} while (got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN)));
	int error = got < 0 ? errno : 0;
	bytes.resize(used);
	return error;
}

// The same, for one run of the iterator behind `link`.
inline int run_iterator(bpf_link *link, std::string &bytes)
{
	return read_iterator(OwnedFd(bpf_iter_create(bpf_link__fd(link))), bytes);
}

} // namespace ebtop::bpf
