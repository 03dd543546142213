// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/ipc-addresses.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstring>
#include <ifaddrs.h>
#include <netinet/in.h>

#include "append-map.h"
#include "clock.h"
#include "own-namespace.h"

namespace ebtop::bpf {
namespace {

constexpr uint64_t interval_ns = 10'000'000'000;

} // namespace

IpcAddresses::IpcAddresses(bpf_map *map, NetVisitor &visitor)
	: map_fd_(bpf_map__fd(map)), capacity_(bpf_map__max_entries(map)), own_network_(own_namespace("net")),
	  visits_(visitor, 0)
{
}

// Addresses in the network namespace of this thread; nothing if they cannot be read now.
std::optional<IpcAddresses::Addresses> IpcAddresses::collect()
{
	Addresses addresses;
	ifaddrs *list = nullptr;

	if (getifaddrs(&list))
		return std::nullopt;
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
	return addresses;
}

void IpcAddresses::refresh(const Networks &networks)
{
	uint64_t now = boot_ns(), since = now > interval_ns ? now - interval_ns : 0;
	auto read = [this](uint32_t network) {
		if (std::optional<Addresses> found = collect())
			take(network, *found);
		return true;
	};

	for (uint32_t network : visits_.update(networks)) {
		take(network, {});
		spaces_.erase(network);
	}
	if (refreshed_ns_ <= since) {
		read(own_network_);
		refreshed_ns_ = now;
	}
	visits_.make(
		[&](uint32_t network) {
			spaces_[network].holder = networks.at(network).holder;
			return read(network);
		},
		since);
}

void IpcAddresses::take(uint32_t network, const Addresses &found)
{
	Space &space = spaces_[network];
	size_t used = network == own_network_ ? 0 : used_by(space.holder);

	std::erase_if(space.addresses, [&](const Address &address) {
		bool is_gone = !found.contains(address);
		if (is_gone)
			remove(address);
		return is_gone;
	});
	space.left_out = 0;
	for (const Address &address : found) {
		if (space.addresses.contains(address))
			continue;
		// A user may have as many as are free, so a single user never has more than half. Those of ebtop's own
		// namespace come first.
		bool has_room = counts_.contains(address) || used + counts_.size() < capacity_;
		if (has_room && add(address)) {
			space.addresses.insert(address);
			used += network != own_network_;
		} else {
			space.left_out++;
		}
	}
}

size_t IpcAddresses::used_by(uint32_t holder) const
{
	size_t used = 0;

	for (const auto &[network, space] : spaces_)
		if (network != own_network_ && space.holder == holder)
			used += space.addresses.size();
	return used;
}

bool IpcAddresses::add(const Address &address)
{
	const uint8_t yes = 1;
	auto [count, is_new] = counts_.try_emplace(address, 0);

	if (is_new && bpf_map_update_elem(map_fd_, address.data(), &yes, BPF_ANY)) {
		counts_.erase(count);
		return false;
	}
	count->second++;
	return true;
}

void IpcAddresses::remove(const Address &address)
{
	auto count = counts_.find(address);

	if (count == counts_.end() || --count->second)
		return;
	bpf_map_delete_elem(map_fd_, address.data());
	counts_.erase(count);
}

void IpcAddresses::append_map(Batch &batch) const
{
	uint64_t left_out = 0;

	for (const auto &[network, space] : spaces_)
		left_out += space.left_out;
	ebtop::append_map(batch, "ipc-addresses", counts_.size(), capacity_, left_out);
}

} // namespace ebtop::bpf
