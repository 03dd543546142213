// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/peers.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstdio>
#include <fcntl.h>

#include "append-map.h"
#include "clock.h"
#include "tables.h"
#include "text-file.h"

namespace ebtop::bpf {
namespace {

// Shared memory whose descriptor is closed is found by the passes over mappings, which are less frequent.
constexpr uint64_t passes_kept = 8;

std::string_view comm_of(uint32_t pid, char (&buffer)[64])
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	std::string_view text = read_once(AT_FDCWD, path, buffer);
	return text.substr(0, text.find_last_not_of('\n') + 1);
}

} // namespace

Peers::Peers(bpf_map *peers, bpf_map *channels, bpf_map *wanted, bool is_for_links)
	: peers_fd_(bpf_map__fd(peers)), channels_fd_(bpf_map__fd(channels)), wanted_fd_(bpf_map__fd(wanted)),
	  peers_capacity_(bpf_map__max_entries(peers)), channels_capacity_(bpf_map__max_entries(channels)),
	  is_for_links_(is_for_links)
{
}

void Peers::on_object(Batch &batch, const wire_object &object)
{
	if (object.is_foreign)
		introduce(batch, object.head.pid, object.head.start, {});
	else if (is_for_links_)
		learn(object);
}

void Peers::learn(const wire_object &object)
{
	switch (object.kind) {
	case WIRE_KIND_PIPE:
	case WIRE_KIND_FIFO:
	case WIRE_KIND_EVENTFD:
	case WIRE_KIND_MEMFD:
	case WIRE_KIND_POSIX_SHM:
	case WIRE_KIND_POSIX_SEM:
	case WIRE_KIND_POSIX_MQ:
		watch(CHANNEL_KEY(object.dev, object.ino, object.gen));
		break;
	case WIRE_KIND_SYSV_SHM:
		watch(CHANNEL_SYSV_MEMORY(object.ino));
		break;
	case WIRE_KIND_UDP:
		watch(CHANNEL_UDP);
		break;
	case WIRE_KIND_PTY:
		watch(CHANNEL_TERMINAL(object.sock));
		break;
	case WIRE_KIND_UNIX_DGRAM:
		watch(object.gen & 1 ? CHANNEL_UNIX_NAMES : object.sock); // see wire.h: a destination has an odd generation
		[[fallthrough]];
	case WIRE_KIND_UNIX_STREAM:
	case WIRE_KIND_UNIX_SEQPACKET:
		if (object.peer)
			watch(object.peer);
	}
}

void Peers::watch(uint64_t channel)
{
	auto [known, is_new] = channels_.try_emplace(channel, object_pass_);
	const uint8_t yes = 1;

	known->second = object_pass_;
	if (!is_new)
		return;
	if (bpf_map_update_elem(channels_fd_, &channel, &yes, BPF_ANY)) {
		refused_channels_.add(channel);
		channels_.erase(known);
		return;
	}
	has_news_ = true;
}

void Peers::end_object_pass()
{
	std::erase_if(channels_, [this](const auto &entry) {
		if (entry.second + passes_kept >= object_pass_)
			return false;
		bpf_map_delete_elem(channels_fd_, &entry.first);
		return true;
	});
	object_pass_++;
}

void Peers::on_record(Batch &batch, const wire_head &head)
{
	if (head.type == WIRE_PROCESS && reinterpret_cast<const wire_process &>(head).flags & WIRE_PROCESS_FOREIGN)
		keep(head.pid, head.start);
	else if (head.type == WIRE_SIGNAL)
		on_signal(batch, reinterpret_cast<const wire_signal &>(head));
	else if (head.type == WIRE_FD_PASS)
		on_fd_pass(batch, reinterpret_cast<const wire_fd_pass &>(head));
}

void Peers::on_signal(Batch &batch, const wire_signal &signal)
{
	auto comm = [](const char(&text)[WIRE_COMM_LEN]) { return std::string_view(text, strnlen(text, sizeof(text))); };

	if (signal.foreign & WIRE_SIGNAL_SENDER && signal.head.pid)
		introduce(batch, signal.head.pid, signal.head.start, comm(signal.comm));
	if (signal.foreign & WIRE_SIGNAL_TARGET)
		introduce(batch, signal.target_pid, signal.target_start, comm(signal.target_comm));
}

void Peers::on_fd_pass(Batch &batch, const wire_fd_pass &pass)
{
	if (pass.other_pid && !is_wanted(pass.other_pid))
		introduce(batch, pass.other_pid, pass.other_start, {});
}

void Peers::introduce(Batch &batch, uint32_t pid, uint64_t start, std::string_view comm)
{
	wire_process process{};
	char buffer[64];

	if (start_of(pid) == start)
		return;
	keep(pid, start);
	if (comm.empty())
		comm = comm_of(pid, buffer);
	process.head.pid = pid;
	process.head.start = start;
	process.head.time = boot_ns();
	process.flags = WIRE_PROCESS_FOREIGN;
	memcpy(process.comm, comm.data(), std::min(comm.size(), sizeof(process.comm) - 1));
	batch.append(WIRE_PROCESS, process);
}

void Peers::keep(uint32_t pid, uint64_t start)
{
	if (bpf_map_update_elem(peers_fd_, &pid, &start, BPF_ANY) == 0)
		peers_[pid] = {start, process_pass_ + 1}; // the current pass may be past it already
	else
		refused_peers_.add(pid);
}

void Peers::suspect(uint32_t pid)
{
	if (!peers_.contains(pid))
		keep(pid, 0);
}

uint64_t Peers::start_of(uint32_t pid) const
{
	auto peer = peers_.find(pid);

	return peer == peers_.end() ? 0 : peer->second.start;
}

bool Peers::is_wanted(uint32_t pid) const
{
	uint64_t start;

	return bpf_map_lookup_elem(wanted_fd_, &pid, &start) == 0;
}

void Peers::on_process(const wire_process &process)
{
	if (auto peer = peers_.find(process.head.pid); peer != peers_.end())
		peer->second = {process.head.start, std::max(peer->second.pass, process_pass_)};
}

void Peers::end_process_pass()
{
	std::erase_if(peers_, [this](const auto &entry) {
		if (entry.second.pass >= process_pass_)
			return false;
		bpf_map_delete_elem(peers_fd_, &entry.first);
		return true;
	});
	process_pass_++;
}

void Peers::append_maps(Batch &batch) const
{
	append_map(batch, "process-peers", peers_.size(), peers_capacity_, refused_peers_.count());
	append_map(batch, "ipc-channels", channels_.size(), channels_capacity_, refused_channels_.count());
}

} // namespace ebtop::bpf
