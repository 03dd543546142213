// SPDX-License-Identifier: GPL-2.0-only
// With --pid or --comm: which processes have the other end of what wanted processes have. The kernel counts only for wanted
// processes; of others it is only found out that they hold the same pipe, socket, terminal or memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "batch.h"

struct bpf_map;

namespace ebtop::bpf {

class Peers {
public:
	// The maps `peers` and `channels` of the BPF programs, and the map of wanted processes.
	Peers(bpf_map *peers, bpf_map *channels, bpf_map *wanted, bool is_for_links);

	// Takes a record that will be appended to `batch` next: the processes in it that are not wanted are introduced
	// first.
	void on_object(Batch &batch, const wire_object &object);
	void on_record(Batch &batch, const wire_head &head); // all but objects

	// The passes over descriptors and mappings look for others that have this channel.
	void watch(uint64_t channel);
	// Whether there are channels that no pass over descriptors has looked for from its beginning.
	bool has_news() const { return has_news_; }
	void begin_object_pass() { has_news_ = false; }
	void end_object_pass();

	// A process that is not wanted may be a peer: the next pass over the processes finds out when it started.
	void suspect(uint32_t pid);
	// When it started; 0 if that is not known (yet).
	uint64_t start_of(uint32_t pid) const;
	bool is_wanted(uint32_t pid) const;

	// A pass over the processes: what it found, and its end. Peers that it did not find are gone.
	void on_process(const wire_process &process);
	void end_process_pass();

	// How full the maps of peers and of channels are.
	void append_maps(Batch &batch) const;

private:
	struct Peer {
		uint64_t start;
		uint64_t pass;
	};

	void on_signal(Batch &batch, const wire_signal &signal);
	void on_fd_pass(Batch &batch, const wire_fd_pass &pass);
	void learn(const wire_object &object);
	void introduce(Batch &batch, uint32_t pid, uint64_t start, std::string_view comm);
	void keep(uint32_t pid, uint64_t start);

	// What found no room, each counted once: every pass finds it again.
	class Refused {
	public:
		void add(uint64_t key)
		{
			if (known_.size() >= known_max)
				known_.clear();
			count_ += known_.insert(key).second;
		}
		uint64_t count() const { return count_; }

	private:
		static constexpr size_t known_max = 65536;
		std::unordered_set<uint64_t> known_;
		uint64_t count_ = 0;
	};

	const int peers_fd_, channels_fd_, wanted_fd_;
	const uint32_t peers_capacity_, channels_capacity_;
	const bool is_for_links_;
	bool has_news_ = false;
	uint64_t object_pass_ = 1, process_pass_ = 1;
	Refused refused_peers_, refused_channels_;
	std::unordered_map<uint32_t, Peer> peers_;
	std::unordered_map<uint64_t, uint64_t> channels_; // -> the last pass over descriptors that found it
};

} // namespace ebtop::bpf
