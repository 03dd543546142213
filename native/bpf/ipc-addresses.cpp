// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/ipc-addresses.h"

#include <bpf/bpf.h>
#include <cerrno>
#include <cstring>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <vector>

#include "clock.h"
#include "own-namespace.h"

namespace ebtop::bpf {
namespace {

constexpr uint64_t interval_ns = 10'000'000'000;

} // namespace

IpcAddresses::IpcAddresses(int map_fd, NetVisitor &visitor)
	: map_fd_(map_fd), visitor_(visitor), own_namespace_(own_namespace("net"))
{
}

// Gives 0 or errno.
int IpcAddresses::collect(std::set<Address> &addresses)
{
	ifaddrs *list = nullptr;

	if (getifaddrs(&list))
		return errno;
	for (ifaddrs *at = list; at; at = at->ifa_next) {
		Address address{};
		if (!at->ifa_addr)
			continue;
		if (at->ifa_addr->sa_family == AF_INET6) {
			memcpy(address.data(), &reinterpret_cast<sockaddr_in6 *>(at->ifa_addr)->sin6_addr, 16);
		} else if (at->ifa_addr->sa_family == AF_INET) {
			address[10] = address[11] = 0xff;
			memcpy(address.data() + 12, &reinterpret_cast<sockaddr_in *>(at->ifa_addr)->sin_addr, 4);
		} else {
			continue;
		}
		addresses.insert(address);
	}
	freeifaddrs(list);
	return 0;
}

void IpcAddresses::refresh(const Namespaces &namespaces)
{
	std::set<uint32_t> networks;
	std::vector<uint32_t> others;
	std::set<Address> addresses;
	const uint8_t yes = 1;

	for (auto [network, pid] : namespaces) {
		networks.insert(network);
		if (network && network != own_namespace_)
			others.push_back(pid);
	}
	if (networks == seen_ && boot_ns() - refreshed_ns_ < interval_ns)
		return;
	int error = collect(addresses);
	auto outcome = visitor_.visit(others, [&](uint32_t) {
		if (int failed = collect(addresses))
			error = failed;
	});
	for (const Address &address : addresses)
		if (!known_.contains(address))
			bpf_map_update_elem(map_fd_, address.data(), &yes, BPF_ANY);
	if (error || outcome.error) { // the others are still there, as far as anybody knows
		known_.merge(addresses);
		return;
	}
	for (const Address &address : known_)
		if (!addresses.contains(address))
			bpf_map_delete_elem(map_fd_, address.data());
	known_ = std::move(addresses);
	seen_ = std::move(networks);
	refreshed_ns_ = boot_ns();
}

} // namespace ebtop::bpf
