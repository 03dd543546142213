// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/peers.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>

#include "clock.h"
#include "tables.h"
#include "text-file.h"

namespace ebtop::bpf {
namespace {

// Shared memory whose descriptor is closed is found by the passes over mappings, which are less frequent.
constexpr uint64_t passes_kept = 8;

// All processes about which nothing is known have one share together.
constexpr uint32_t holder_unknown = UINT32_MAX;

std::string_view comm_of(uint32_t pid, char (&buffer)[64])
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	std::string_view text = read_once(AT_FDCWD, path, buffer);
	return text.substr(0, text.find_last_not_of('\n') + 1);
}

} // namespace

Peers::Peers(bpf_map *peers, bpf_map *channels, bpf_map *wanted, bool is_for_links)
	: wanted_fd_(bpf_map__fd(wanted)), is_for_links_(is_for_links), peers_(peers), channels_(channels)
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
	auto watch = [&](uint64_t channel) { this->watch(channel, object.head.pid); };

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

void Peers::watch(uint64_t channel, uint32_t pid)
{
	const uint8_t yes = 1;

	if (uint64_t *found_in = channels_.find(channel)) {
		*found_in = object_pass_;
		if (uint32_t holder = holder_of(pid); holder != holder_unknown)
			channels_.move(channel, holder);
	} else if (uint64_t *found_in = channels_.put(channel, &yes, holder_of(pid))) {
		*found_in = object_pass_;
		has_news_ = true;
	}
}

void Peers::end_object_pass()
{
	channels_.erase_if([this](uint64_t found_in) { return found_in + passes_kept < object_pass_; });
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
	if (Peer *peer = peers_.put(pid, &start, holder_of(pid)))
		*peer = {start, process_pass_ + 1}; // the current pass may have been past it already
}

uint32_t Peers::holder_of(uint32_t pid) const
{
	auto known = holders_.find(pid);
	char path[32];
	struct stat info;

	if (known != holders_.end())
		return known->second;
	// No pass has found it yet. Processes that found no room come again in every pass, so they must not share with new
	// ones.
	snprintf(path, sizeof(path), "/proc/%u", pid);
	return stat(path, &info) ? holder_unknown : info.st_uid;
}

void Peers::suspect(uint32_t pid)
{
	if (!peers_.find(pid))
		keep(pid, 0);
}

uint64_t Peers::start_of(uint32_t pid) const
{
	const Peer *peer = peers_.find(pid);

	return peer ? peer->start : 0;
}

bool Peers::is_wanted(uint32_t pid) const
{
	uint64_t start;

	return bpf_map_lookup_elem(wanted_fd_, &pid, &start) == 0;
}

void Peers::on_process(const wire_process &process)
{
	holders_now_[process.head.pid] = process.holder;
	if (Peer *peer = peers_.find(process.head.pid)) {
		*peer = {process.head.start, std::max(peer->pass, process_pass_)};
		peers_.move(process.head.pid, process.holder);
	}
}

void Peers::end_process_pass()
{
	peers_.erase_if([this](const Peer &peer) { return peer.pass < process_pass_; });
	holders_.swap(holders_now_);
	holders_now_.clear();
	process_pass_++;
}

void Peers::append_maps(Batch &batch) const
{
	peers_.append(batch, "process-peers");
	channels_.append(batch, "ipc-channels");
}

} // namespace ebtop::bpf
