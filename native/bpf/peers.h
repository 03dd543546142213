// SPDX-License-Identifier: GPL-2.0-only
// With --pid or --comm: which processes are peers of wanted ones. The kernel side only counts for wanted processes; for
// others it only finds out that they have the same pipe, socket, terminal or memory.
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

	// Called with a record that will be appended to `batch` next: first appends a record for each unwanted process that
	// it names.
	void on_object(Batch &batch, const wire_object &object);
	void on_record(Batch &batch, const wire_head &head); // all but objects

	// From now on the passes over descriptors and mappings look for other processes that have this channel of `pid`.
	void watch(uint64_t channel, uint32_t pid);
	// Whether there are channels that no full pass over descriptors has looked for yet.
	bool has_news() const { return has_news_; }
	void begin_object_pass() { has_news_ = false; }
	void end_object_pass();

	// An unwanted process may be a peer: the next pass over the processes finds its start time.
	void suspect(uint32_t pid);
	// The start time; 0 if it is not known (yet).
	uint64_t start_of(uint32_t pid) const;
	bool is_wanted(uint32_t pid) const;

	// Called for each process that a pass found, wanted or peer, and at its end. Peers that it did not find are gone.
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
	// Holders of the processes that the last pass found, and of those that the current one has found so far.
	std::unordered_map<uint32_t, uint32_t> holders_, holders_now_;
};

} // namespace ebtop::bpf
