// SPDX-License-Identifier: GPL-2.0-only
// With --pid or --comm: which processes have the other end of what wanted processes have. The kernel counts only for wanted
// processes; of others it is only found out that they hold the same pipe, socket, terminal or memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "batch.h"
#include "bpf/fair-map.h"

namespace ebtop::bpf {

class Peers {
public:
	// The maps `peers` and `channels` of the BPF programs, and the map of wanted processes.
	Peers(bpf_map *peers, bpf_map *channels, bpf_map *wanted, bool is_for_links);

	// Takes a record that will be appended to `batch` next: the processes in it that are not wanted are introduced
	// first.
	void on_object(Batch &batch, const wire_object &object);
	void on_record(Batch &batch, const wire_head &head); // all but objects

	// The passes over descriptors and mappings look for others that have this channel, which `pid` has.
	void watch(uint64_t channel, uint32_t pid);
	// Whether there are channels that no pass over descriptors has looked for from its beginning.
	bool has_news() const { return has_news_; }
	void begin_object_pass() { has_news_ = false; }
	void end_object_pass();

	// A process that is not wanted may be a peer: the next pass over the processes finds out when it started.
	void suspect(uint32_t pid);
	// When it started; 0 if that is not known (yet).
	uint64_t start_of(uint32_t pid) const;
	bool is_wanted(uint32_t pid) const;

	// A pass over the processes: what it found, wanted ones and peers, and its end. Peers that it did not find are gone.
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
	uint32_t holder_of(uint32_t pid) const;

	const int wanted_fd_;
	const bool is_for_links_;
	bool has_news_ = false;
	uint64_t object_pass_ = 1, process_pass_ = 1;
	FairMap<uint32_t, Peer> peers_;
	FairMap<uint64_t, uint64_t> channels_; // -> the last pass over descriptors that found it
	// Of the processes that the last pass found, and of those that this one has found until now.
	std::unordered_map<uint32_t, uint32_t> holders_, holders_now_;
};

} // namespace ebtop::bpf
