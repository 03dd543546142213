// SPDX-License-Identifier: GPL-2.0-only
// Answers of NETLINK_SOCK_DIAG, from a socket that replaces the kernel's.
#include <cassert>
#include <cstring>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include "proc/sock-diag.h"
#include "targets.h"

using namespace ebtop::proc;

namespace {

// One message with a correct length, as the kernel sends it.
std::string message(uint16_t type, const std::string &payload)
{
	nlmsghdr head{};
	head.nlmsg_len = NLMSG_LENGTH(payload.size());
	head.nlmsg_type = type;
	std::string bytes(reinterpret_cast<const char *>(&head), sizeof(head));
	return (bytes + payload).append(NLMSG_ALIGN(payload.size()) - payload.size(), '\0');
}

} // namespace

// The first byte chooses the query, and how the rest is sent: as it is, or as the payload of messages of that length.
void fuzz_sock_diag(const uint8_t *data, size_t size)
{
	int ends[2];
	if (size < 2 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return;
	unsigned way = data[0];
	size_t step = data[1] + size_t(1);
	std::string sent(reinterpret_cast<const char *>(data) + 2, size - 2);
	if (way & 1) {
		std::string messages;
		for (size_t at = 0; at < sent.size(); at += step)
			messages += message(way & 2 ? 20 : NLMSG_ERROR, sent.substr(at, step));
		sent = messages;
	}
	if (!sent.empty())
		assert(send(ends[1], sent.data(), sent.size(), 0) == ssize_t(sent.size()));
	shutdown(ends[1], SHUT_WR); // the dump ends here, incomplete
	EachSocket each = [&](const SocketInfo &info) { assert(info.name.size() <= sent.size()); };
	if (way & 4)
		dump_unix(ends[0], each);
	else
		dump_inet(ends[0], AF_INET, way & 8 ? IPPROTO_TCP : IPPROTO_UDP, each);
	close(ends[0]);
	close(ends[1]);
}
