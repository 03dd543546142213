// SPDX-License-Identifier: GPL-2.0-only
#include "network-turns.h"

#include <algorithm>

namespace ebtop {

void add_inhabitant(Networks &networks, uint32_t network, const Inhabitant &inhabitant)
{
	auto [known, is_new] = networks.try_emplace(network, inhabitant);

	if (!is_new && inhabitant.holder < known->second.holder)
		known->second = inhabitant;
}

std::vector<uint32_t> NetworkTurns::update(const Networks &networks)
{
	std::vector<uint32_t> gone;

	turn_++;
	std::erase_if(spaces_, [&](const auto &entry) {
		bool is_gone = !networks.contains(entry.first);
		if (is_gone)
			gone.push_back(entry.first);
		return is_gone;
	});
	for (const auto &[network, inhabitant] : networks)
		spaces_[network].inhabitant = inhabitant;
	return gone;
}

void NetworkTurns::mark_active(uint32_t network)
{
	if (auto space = spaces_.find(network); space != spaces_.end())
		space->second.is_quiet = false;
}

void NetworkTurns::mark_all_active()
{
	for (auto &[network, space] : spaces_)
		space.is_quiet = false;
}

// First the namespace of each user that was read the longest ago, then the second of each user, and so on. Among users, the
// one whose last turn was the longest ago comes first.
std::vector<NetworkTurns::Turn> NetworkTurns::due(uint64_t since) const
{
	struct Candidate {
		uint32_t network;
		const Space *space;
		size_t rank = 0;	// among those of its user
		uint64_t served_ns = 0; // when its user had a turn last
	};
	struct User {
		size_t count = 0;
		uint64_t served_ns = 0;
	};
	std::vector<Candidate> candidates;
	std::map<uint32_t, User> users;
	std::vector<Turn> turns;

	for (const auto &[network, space] : spaces_) {
		User &user = users[space.inhabitant.holder];
		user.served_ns = std::max(user.served_ns, space.read_ns);
		if (!space.is_quiet && space.read_ns < since)
			candidates.push_back({network, &space});
	}
	std::sort(candidates.begin(), candidates.end(),
		  [](const Candidate &a, const Candidate &b) { return a.space->read_ns < b.space->read_ns; });
	for (Candidate &candidate : candidates) {
		User &user = users[candidate.space->inhabitant.holder];
		candidate.rank = user.count++;
		candidate.served_ns = user.served_ns;
	}
	std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
		return std::pair(a.rank, a.served_ns) < std::pair(b.rank, b.served_ns);
	});
	turns.reserve(candidates.size());
	for (const Candidate &candidate : candidates)
		turns.push_back({candidate.network, candidate.space->inhabitant.pid});
	return turns;
}

void NetworkTurns::on_read(uint32_t network, bool has_sockets, uint64_t now)
{
	auto space = spaces_.find(network);

	if (space == spaces_.end())
		return;
	space->second.read_ns = now;
	space->second.read_turn = turn_;
	space->second.is_quiet = !has_sockets;
}

NetworkTurns::Backlog NetworkTurns::backlog(uint64_t now) const
{
	Backlog backlog;

	for (const auto &[network, space] : spaces_) {
		if (space.is_quiet || space.read_turn == turn_)
			continue;
		backlog.waiting++;
		if (space.read_ns)
			backlog.oldest_ns = std::max(backlog.oldest_ns, now - space.read_ns);
	}
	return backlog;
}

} // namespace ebtop
