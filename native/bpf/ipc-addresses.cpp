// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/ipc-addresses.h"

#include <bpf/bpf.h>
#include <cstring>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sched.h>
#include <string>
#include <thread>
#include <unistd.h>

#include "clock.h"

namespace ebtop::bpf {
namespace {

constexpr uint64_t interval_ns = 10'000'000'000;

bool enter_network(uint32_t pid)
{
	std::string path = "/proc/" + std::to_string(pid) + "/ns/net";
	int network = open(path.c_str(), O_RDONLY | O_CLOEXEC);
	bool is_in = network >= 0 && setns(network, CLONE_NEWNET) == 0;

	if (network >= 0)
		close(network);
	return is_in;
}

} // namespace

void IpcAddresses::collect(std::set<Address> &addresses)
{
	ifaddrs *list = nullptr;

	if (getifaddrs(&list))
		return;
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
}

void IpcAddresses::refresh(const Namespaces &namespaces)
{
	std::set<uint32_t> networks;
	std::set<Address> addresses;
	const uint8_t yes = 1;

	for (auto [network, pid] : namespaces)
		networks.insert(network);
	if (networks == seen_ && boot_ns() - refreshed_ns_ < interval_ns)
		return;
	// A thread of its own, so that this one stays in its namespace.
	std::thread([&] {
		collect(addresses);
		for (auto [network, pid] : namespaces)
			if (network && enter_network(pid))
				collect(addresses);
	}).join();
	for (const Address &address : addresses)
		if (!known_.contains(address))
			bpf_map_update_elem(map_fd_, address.data(), &yes, BPF_ANY);
	for (const Address &address : known_)
		if (!addresses.contains(address))
			bpf_map_delete_elem(map_fd_, address.data());
	known_ = std::move(addresses);
	seen_ = std::move(networks);
	refreshed_ns_ = boot_ns();
}

} // namespace ebtop::bpf
