// SPDX-License-Identifier: GPL-2.0-only
// A BPF map that user space fills. If it is full, the user with the most entries loses the oldest one to a user with fewer.
// So no user can hide the entries of others by filling it.
#pragma once

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstdint>
#include <list>
#include <unordered_map>
#include <unordered_set>

#include "append-map.h"

namespace ebtop::bpf {

// `Info` is what user space knows of a key. `Key` has the width of the map's keys.
template <typename Key, typename Info> class FairMap {
public:
	explicit FairMap(const bpf_map *map) : fd_(bpf_map__fd(map)), capacity_(bpf_map__max_entries(map)) {}

	Info *find(Key key)
	{
		auto known = entries_.find(key);
		return known == entries_.end() ? nullptr : &known->second.info;
	}
	const Info *find(Key key) const { return const_cast<FairMap *>(this)->find(key); }

	// Puts a key or changes its value; `holder` as in wire_process. NULL if there is no room.
	Info *put(Key key, const void *value, uint32_t holder)
	{
		auto known = entries_.find(key);

		if (known != entries_.end()) {
			bpf_map_update_elem(fd_, &key, value, BPF_ANY);
			move(key, holder);
			return &known->second.info;
		}
		if (!make_room(holder) || bpf_map_update_elem(fd_, &key, value, BPF_ANY)) {
			count_refused(key);
			return nullptr;
		}
		auto &order = users_[holder];
		order.push_back(key);
		return &entries_.emplace(key, Entry{holder, std::prev(order.end()), {}}).first->second.info;
	}

	// The key counts against this user from now on.
	void move(Key key, uint32_t holder)
	{
		auto known = entries_.find(key);

		if (known == entries_.end() || known->second.holder == holder)
			return;
		auto &order = users_[holder];
		order.push_back(key);
		leave(known->second);
		known->second.holder = holder;
		known->second.place = std::prev(order.end());
	}

	template <typename Predicate> void erase_if(Predicate is_over)
	{
		for (auto entry = entries_.begin(); entry != entries_.end();)
			entry = is_over(entry->second.info) ? erase(entry) : std::next(entry);
	}

	void append(Batch &batch, const char *name) const { append_map(batch, name, entries_.size(), capacity_, refused_); }

private:
	struct Entry {
		uint32_t holder;
		typename std::list<Key>::iterator place; // among those of the holder, oldest first
		Info info;
	};
	using Entries = std::unordered_map<Key, Entry>;

	bool make_room(uint32_t holder)
	{
		if (entries_.size() < capacity_)
			return true;
		auto heaviest = users_.begin();
		for (auto user = users_.begin(); user != users_.end(); ++user)
			if (user->second.size() > heaviest->second.size())
				heaviest = user;
		auto own = users_.find(holder);
		size_t of_own = own == users_.end() ? 0 : own->second.size();
		if (heaviest->second.size() <= of_own + 1) // otherwise two users would take it from each other in turns
			return false;
		Key key = heaviest->second.front();
		count_refused(key);
		erase(entries_.find(key));
		return true;
	}

	typename Entries::iterator erase(typename Entries::iterator entry)
	{
		bpf_map_delete_elem(fd_, &entry->first);
		leave(entry->second);
		return entries_.erase(entry);
	}

	void leave(const Entry &entry)
	{
		auto user = users_.find(entry.holder);

		user->second.erase(entry.place);
		if (user->second.empty())
			users_.erase(user);
	}

	// Each key counts once, since every pass finds it again.
	void count_refused(Key key)
	{
		constexpr size_t known_max = 65536;

		if (known_refused_.size() >= known_max)
			known_refused_.clear();
		refused_ += known_refused_.insert(key).second;
	}

	const int fd_;
	const uint32_t capacity_;
	Entries entries_;
	std::unordered_map<uint32_t, std::list<Key>> users_;
	std::unordered_set<Key> known_refused_;
	uint64_t refused_ = 0;
};

} // namespace ebtop::bpf
