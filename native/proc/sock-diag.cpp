// SPDX-License-Identifier: GPL-2.0-only
#include "sock-diag.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>

namespace ebtop::proc {

namespace {

// Returns 0 or errno.
template <class Request> int send_dump(int netlink, const Request &request)
{
	struct {
		nlmsghdr head;
		Request request;
	} message{};

	message.head.nlmsg_len = sizeof(message);
	message.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
	message.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	message.request = request;
	return send(netlink, &message, sizeof(message), 0) == sizeof(message) ? 0 : errno;
}

// The errno of an NLMSG_ERROR, 0 if it reports none.
int error_of(const nlmsghdr *head)
{
	int error = 0; // negative in the message

	if (NLMSG_PAYLOAD(head, 0) < sizeof(error))
		return EBADMSG;
	memcpy(&error, NLMSG_DATA(head), sizeof(error));
	return error > 0 || error < -4095 ? EBADMSG : -error; // MAX_ERRNO of the kernel
}

// Calls `each` with the payload and the length of every reply until the dump is complete. Returns 0 or errno.
template <class Each> int receive_dump(int netlink, Each each)
{
	alignas(nlmsghdr) static thread_local char buffer[64 * 1024];

	for (;;) {
		ssize_t got = recv(netlink, buffer, sizeof(buffer), 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? errno : ENOBUFS;
		for (auto *head = reinterpret_cast<nlmsghdr *>(buffer); NLMSG_OK(head, got); head = NLMSG_NEXT(head, got)) {
			if (head->nlmsg_type == NLMSG_DONE)
				return 0;
			if (head->nlmsg_type == NLMSG_ERROR)
				return error_of(head);
			each(NLMSG_DATA(head), NLMSG_PAYLOAD(head, 0));
		}
	}
}

// Calls `each(type, data, length)` for the attributes after the fixed part of a reply.
template <class Each> void each_attribute(void *payload, size_t fixed, size_t len, Each each)
{
	auto *attribute = reinterpret_cast<rtattr *>(static_cast<char *>(payload) + NLMSG_ALIGN(fixed));

	for (ssize_t left = ssize_t(len) - ssize_t(NLMSG_ALIGN(fixed)); RTA_OK(attribute, left);
	     attribute = RTA_NEXT(attribute, left))
		each(attribute->rta_type & NLA_TYPE_MASK, RTA_DATA(attribute), size_t(RTA_PAYLOAD(attribute)));
}

// Stands in for the address of a struct sock: the cookie, which the kernel never uses again, with a bit that no cookie has.
uint64_t address_of(const __u32 (&cookie)[2])
{
	return 1ull << 62 | uint64_t(cookie[1]) << 32 | cookie[0];
}

void set_addresses(wire_tcp &record, const inet_diag_msg &message)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	auto *local = reinterpret_cast<const uint8_t *>(message.id.idiag_src);
	auto *remote = reinterpret_cast<const uint8_t *>(message.id.idiag_dst);

	record.family = message.idiag_family;
	if (record.family == AF_INET6 && memcmp(local, mapped, sizeof(mapped)) == 0) {
		record.family = AF_INET;
		local += sizeof(mapped);
		remote += sizeof(mapped);
	}
	size_t len = record.family == AF_INET ? 4 : 16;
	memcpy(record.local, local, len);
	memcpy(record.remote, remote, len);
	record.local_port = ntohs(message.id.idiag_sport);
	record.remote_port = ntohs(message.id.idiag_dport);
}

// The counters show which side opened a connection: the SYN of the side that connects is acknowledged as one byte more than
// it sent, and so is its own FIN.
uint8_t role_of(const wire_tcp &record, const tcp_info &tcp)
{
	if (record.state == WIRE_TCP_STATE_LISTEN)
		return WIRE_TCP_ROLE_LISTENER;
	if (record.state == WIRE_TCP_STATE_SYN_SENT)
		return WIRE_TCP_ROLE_CLIENT;
	if (record.state == WIRE_TCP_STATE_SYN_RECV)
		return WIRE_TCP_ROLE_SERVER;
	if (tcp.tcpi_unacked || (record.state != WIRE_TCP_STATE_ESTABLISHED && record.state != WIRE_TCP_STATE_CLOSE_WAIT &&
				 record.state != WIRE_TCP_STATE_FIN_WAIT2))
		return WIRE_TCP_ROLE_UNKNOWN;
	uint64_t more = tcp.tcpi_bytes_acked - record.tx_bytes - (record.state == WIRE_TCP_STATE_FIN_WAIT2);
	return more == 1 ? WIRE_TCP_ROLE_CLIENT : more == 0 ? WIRE_TCP_ROLE_SERVER : WIRE_TCP_ROLE_UNKNOWN;
}

void set_tcp(wire_tcp &record, const tcp_info &tcp)
{
	// The peer's FIN is counted as a received byte.
	bool has_fin = record.state == WIRE_TCP_STATE_CLOSE_WAIT || record.state == WIRE_TCP_STATE_LAST_ACK ||
		       record.state == WIRE_TCP_STATE_CLOSING;

	record.tx_bytes = tcp.tcpi_bytes_sent - tcp.tcpi_bytes_retrans;
	record.rx_bytes = tcp.tcpi_bytes_received - (has_fin && tcp.tcpi_bytes_received);
	record.rtt_us = tcp.tcpi_rtt;
	record.retransmits = tcp.tcpi_total_retrans;
	record.role = role_of(record, tcp);
}

wire_kind unix_kind(uint8_t type)
{
	switch (type) {
	case SOCK_STREAM:
		return WIRE_KIND_UNIX_STREAM;
	case SOCK_DGRAM:
		return WIRE_KIND_UNIX_DGRAM;
	case SOCK_SEQPACKET:
		return WIRE_KIND_UNIX_SEQPACKET;
	default:
		return WIRE_KIND_SOCKET;
	}
}

} // namespace

int dump_inet(int netlink, int family, int protocol, const EachSocket &each)
{
	inet_diag_req_v2 request{};

	request.sdiag_family = family;
	request.sdiag_protocol = protocol;
	request.idiag_states = ~0u;
	if (protocol == IPPROTO_TCP)
		request.idiag_ext = 1 << (INET_DIAG_INFO - 1);
	if (int error = send_dump(netlink, request))
		return error;
	return receive_dump(netlink, [&](void *payload, size_t len) {
		if (len < sizeof(inet_diag_msg))
			return;
		auto *message = static_cast<inet_diag_msg *>(payload);
		SocketInfo info;
		info.kind = protocol == IPPROTO_TCP ? WIRE_KIND_TCP : WIRE_KIND_UDP;
		info.tcp.sock = address_of(message->id.idiag_cookie);
		info.tcp.ino = message->idiag_inode;
		info.tcp.state = message->idiag_state;
		set_addresses(info.tcp, *message);
		each_attribute(payload, sizeof(*message), len, [&](int type, const void *data, size_t size) {
			tcp_info tcp{}; // newer kernels send more, older ones less
			if (type != INET_DIAG_INFO)
				return;
			memcpy(&tcp, data, std::min(size, sizeof(tcp)));
			set_tcp(info.tcp, tcp);
		});
		each(info);
	});
}

int dump_unix(int netlink, const EachSocket &each)
{
	unix_diag_req request{};

	request.sdiag_family = AF_UNIX;
	request.udiag_states = ~0u;
	request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER;
	if (int error = send_dump(netlink, request))
		return error;
	return receive_dump(netlink, [&](void *payload, size_t len) {
		if (len < sizeof(unix_diag_msg))
			return;
		auto *message = static_cast<unix_diag_msg *>(payload);
		SocketInfo info;
		info.kind = unix_kind(message->udiag_type);
		info.tcp.sock = address_of(message->udiag_cookie);
		info.tcp.ino = message->udiag_ino;
		info.tcp.family = AF_UNIX;
		info.tcp.state = message->udiag_state;
		each_attribute(payload, sizeof(*message), len, [&](int type, const void *data, size_t size) {
			if (type == UNIX_DIAG_PEER && size >= sizeof(info.peer_ino))
				memcpy(&info.peer_ino, data, sizeof(info.peer_ino));
			if (type == UNIX_DIAG_NAME && size)
				info.name.assign(static_cast<const char *>(data), size);
			if (!info.name.empty() && info.name.front() != '\0')
				info.name.resize(strnlen(info.name.c_str(), info.name.size()));
		});
		each(info);
	});
}

} // namespace ebtop::proc
