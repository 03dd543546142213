// SPDX-License-Identifier: GPL-2.0-only
#include "network-visits.h"

#include <algorithm>
#include <unordered_map>

#include "clock.h"
#include "own-namespace.h"

namespace ebtop {
namespace {

constexpr uint64_t first_budget_ns = 500 * ms; // what exists at the start belongs in the first snapshot
constexpr uint64_t budget_share = 25;
constexpr uint64_t most_ns = 50 * ms; // keys are not answered meanwhile

} // namespace

NetworkVisits::NetworkVisits(NetVisitor &visitor, uint32_t most) : visitor_(visitor), own_(own_namespace("net")), most_(most) {}

std::vector<uint32_t> NetworkVisits::update(Networks networks)
{
	networks.erase(0);
	networks.erase(own_);
	std::vector<uint32_t> gone = turns_.update(networks);
	for (uint32_t network : gone)
		denied_.erase(network);
	return gone;
}

void NetworkVisits::make(const std::function<bool(uint32_t)> &read, uint64_t since)
{
	std::vector<NetworkTurns::Turn> turns = turns_.due(since);
	uint64_t now = boot_ns(), began = 0;
	uint64_t budget = last_ns_ ? std::min((now - last_ns_) / budget_share, most_ns) : first_budget_ns;
	std::unordered_map<uint32_t, uint32_t> networks; // by pid
	std::vector<uint32_t> pids;

	last_ns_ = now;
	if (most_)
		turns.resize(std::min<size_t>(turns.size(), most_));
	for (auto [network, pid] : turns) {
		networks[pid] = network;
		pids.push_back(pid);
	}
	auto outcome = visitor_.visit(pids, [&](uint32_t pid) {
		uint32_t network = networks[pid];
		if (!began)
			began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		turns_.on_read(network, read(network), now);
		denied_.erase(network);
		networks.erase(pid);
		return most_ || clock_ns(CLOCK_THREAD_CPUTIME_ID) - began < budget;
	});
	error_ = outcome.error;
	for (uint32_t pid : outcome.denied) {
		denied_.insert(networks[pid]);
		turns_.on_read(networks[pid], false, now);
		networks.erase(pid);
	}
	// If the process is gone, the turn is over: another process of the namespace is used in the next turn.
	for (size_t i = 0; i < outcome.asked && !error_; i++)
		if (auto left = networks.find(pids[i]); left != networks.end())
			turns_.on_read(left->second, true, now);
}

void NetworkVisits::restart()
{
	turns_ = {};
	last_ns_ = 0;
}

std::string NetworkVisits::about() const
{
	std::string refused = about_networks(denied_.size(), error_), waiting = about_backlog();

	return refused + (refused.empty() || waiting.empty() ? "" : " ") + waiting;
}

std::string NetworkVisits::about_backlog() const
{
	auto [waiting, oldest_ns] = turns_.backlog(boot_ns());
	if (!waiting)
		return {};
	std::string text = std::to_string(turns_.count()) +
			   " other network namespaces are read in turns, those of each user equally often; " +
			   std::to_string(waiting) + " wait";
	if (uint64_t seconds = oldest_ns / second)
		text += ", the longest for " + std::to_string(seconds) + " seconds";
	return text + ".";
}

} // namespace ebtop
