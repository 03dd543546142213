// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/bpf-source.h"

#include <cstring>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "append-pass.h"
#include "bpf/births.h"
#include "bpf/counters.h"
#include "bpf/disk-counters.h"
#include "bpf/features.h"
#include "bpf/ipc-addresses.h"
#include "bpf/ipc-mappings.h"
#include "bpf/ipc-sysv.h"
#include "bpf/object.h"
#include "bpf/object-pass.h"
#include "bpf/peers.h"
#include "bpf/probe-set.h"
#include "bpf/process-pass.h"
#include "bpf/shares.h"
#include "bpf/tcp-pass.h"
#include "bpf/wanted.h"
#include "bpf/wanted-sockets.h"
#include "clock.h"
#include "ebtop.skel.h"
#include "names.h"
#include "own-namespace.h"
#include "program-text.h"
#include "system.h"

namespace ebtop::bpf {
namespace {

// Every so many passes no network namespace is taken to be without sockets, so that whatever went wrong does not last.
constexpr uint64_t tcp_passes_between_full = 32;

class BpfSource : public Source {
public:
	// `features` is needed no longer than this takes.
	BpfSource(const SourceOptions &options, const Features &features)
		: options_(options), probes_(options_), object_(features, options_, probes_),
		  wanted_sockets_(!object_->rodata->only_wanted)
	{
		attach();
	}

	void drain(Batch &batch) override
	{
		drain_ring(batch);
		counters_->sweep(batch, departed_, true);
		if (disk_)
			disk_->sweep(batch, departed_, true);
		departed_.clear();
	}

	void sweep(Batch &batch) override
	{
		drain_ring(batch);
		bool has_losses = notice_losses();
		say("fork", "processes", processes_->run(batch));
		if (tcp_ && !is_complete_) // a socket that is older than the session gets its cookie
			tcp_->prepare(processes_->networks());
		pass_objects(batch, has_losses);
		pass_tcp(batch, has_losses);
		pass_ipc(batch);
		if (peers_->has_news()) // what the passes above found first
			pass_objects(batch, false);
		drain_ring(batch);
		counters_->sweep(batch, departed_, false);
		if (disk_)
			disk_->sweep(batch, departed_, false);
		shares_->sweep();
		departed_.clear();
		append_health(batch);
		names_.append_users(batch);
		system_.append(batch, {.forks = bpf::load(object_->bss->forks),
				       .execs = bpf::load(object_->bss->execs),
				       .has_calls = object_->rodata->count_calls});
		is_complete_ = true;
	}

	const SourceOptions &options() const override { return options_; }
	int visitor() const override { return visitor_.tid(); }

private:
	void attach();
	void drain_ring(Batch &batch);
	int take(const wire_head &head, size_t size);
	void on_record(const wire_head &head, size_t size);
	void pass_objects(Batch &batch, bool has_losses);
	void pass_tcp(Batch &batch, bool has_losses);
	void pass_ipc(Batch &batch);
	void pass_mappings(Batch &batch);
	void on_object(Batch &batch, const wire_object &object);
	bool on_tcp(const wire_tcp &tcp);
	bool notice_losses();
	void say(const char *probe, const char *what, int error);
	void append_health(Batch &batch);

	SourceOptions options_;
	ProbeSet probes_;
	Object object_;
	std::unique_ptr<ring_buffer, void (*)(ring_buffer *)> ring_{nullptr, ring_buffer__free};
	std::unique_ptr<Shares> shares_;
	std::unique_ptr<Counters> counters_;
	std::unique_ptr<DiskCounters> disk_;
	std::unique_ptr<ProcessPass> processes_;
	std::unique_ptr<ObjectPass> objects_;
	std::unique_ptr<Births> births_;
	bool is_repair_due_ = false;
	NetVisitor visitor_;
	std::unique_ptr<TcpPass> tcp_;
	uint64_t tcp_passes_ = 0;
	std::unique_ptr<IpcMappings> mappings_;
	std::unique_ptr<IpcAddresses> addresses_;
	WantedSockets wanted_sockets_;
	std::unique_ptr<Peers> peers_;
	SysvPeers sysv_peers_;
	bool is_complete_ = false; // one refresh has been made
	Departed departed_;
	Names names_;
	uint64_t lost_[PROBE_COUNT] = {};
	Batch *batch_ = nullptr;     // the one that is being filled
	int64_t still_to_drain_ = 0; // bytes of the ring
	System system_;
};

void BpfSource::attach()
{
	auto &maps = object_->maps;
	auto pass_on = [](void *self, void *record, size_t size) {
		return static_cast<BpfSource *>(self)->take(*static_cast<const wire_head *>(record), size);
	};
	ring_.reset(ring_buffer__new(bpf_map__fd(maps.ring), pass_on, this, nullptr));
	if (!ring_)
		throw SourceError("EBTOP_FAILED", "The ring buffer cannot be mapped; free some memory and start again.");
	shares_ = std::make_unique<Shares>(*object_.operator->());
	counters_ = std::make_unique<Counters>(*object_.operator->(), options_, *shares_);
	if (options_.concerns & CONCERN_DISK)
		disk_ = std::make_unique<DiskCounters>(*object_.operator->(), options_, *shares_);
	bool is_for_links = object_->rodata->only_wanted && options_.concerns & CONCERN_IPC;
	peers_ = std::make_unique<Peers>(maps.peers, maps.channels, maps.wanted, is_for_links);
	processes_ = std::make_unique<ProcessPass>(object_->progs.ebtop_tasks, options_, !object_->rodata->only_wanted, names_,
						   *peers_, departed_);
	if (options_.concerns & (CONCERN_FILE | CONCERN_IPC | CONCERN_TCP)) {
		objects_ = std::make_unique<ObjectPass>(object_->progs.ebtop_objects);
		births_ = std::make_unique<Births>(*object_.operator->(), *shares_);
	}
	if (options_.concerns & (CONCERN_TCP | CONCERN_IPC))
		tcp_ = std::make_unique<TcpPass>(object_->progs.ebtop_tcps, visitor_, options_.networks);
	if (options_.concerns & CONCERN_IPC) {
		mappings_ = std::make_unique<IpcMappings>(object_->progs.ebtop_mappings);
		addresses_ = std::make_unique<IpcAddresses>(maps.own_addresses, visitor_);
	}
	probes_.attach(object_->obj);
	if (object_->rodata->only_wanted)
		seed_wanted(options_, bpf_map__fd(maps.wanted), processes_->tasks(), object_->bss->admitted);
}

// What is in the ring now, and not what comes while it is read: where that comes faster there would be no end.
void BpfSource::drain_ring(Batch &batch)
{
	batch_ = &batch;
	still_to_drain_ = bpf_map__max_entries(object_->maps.ring);
	ring_buffer__consume(ring_.get());
	batch_ = nullptr;
}

// A negative result ends the reading behind this record.
int BpfSource::take(const wire_head &head, size_t size)
{
	on_record(head, size);
	still_to_drain_ -= int64_t(Batch::padded(size + BPF_RINGBUF_HDR_SZ));
	return still_to_drain_ > 0 ? 0 : -ENOBUFS;
}

void BpfSource::on_record(const wire_head &head, size_t size)
{
	if (head.type == WIRE_NAME) { // the first sight of a cgroup: to its path goes the container
		auto &name = reinterpret_cast<const wire_name &>(head);
		names_.cgroup(*batch_, name.id, {reinterpret_cast<const char *>(&name + 1), name.len});
		return;
	}
	if (head.type == WIRE_EXIT)
		departed_.insert({head.pid, head.start});
	else if (head.type == WIRE_FORK || head.type == WIRE_PROCESS)
		names_.user(reinterpret_cast<const wire_process &>(head).uid);
	else if (head.type == WIRE_OBJECT)
		on_object(*batch_, reinterpret_cast<const wire_object &>(head));
	else if (head.type == WIRE_TCP && !on_tcp(reinterpret_cast<const wire_tcp &>(head)))
		return;
	if (object_->rodata->only_wanted)
		peers_->on_record(*batch_, head);
	processes_->on_record(head);
	if (batch_->append_raw(&head, size))
		processes_->align(*reinterpret_cast<wire_head *>(batch_->at(batch_->size() - head.size)));
}

void BpfSource::on_object(Batch &batch, const wire_object &object)
{
	peers_->on_object(batch, object);
	wanted_sockets_.on_object(object);
	sysv_peers_.on_object(object);
}

// A change of state. True if the record is to be passed on.
bool BpfSource::on_tcp(const wire_tcp &tcp)
{
	if (tcp_)
		tcp_->stir(tcp.netns);
	return wanted_sockets_.on_tcp(tcp);
}

// Whether records were lost since the last refresh. What the passes below find then takes their place.
bool BpfSource::notice_losses()
{
	bool has_losses = false;

	for (int id = 0; id < PROBE_COUNT; id++) {
		uint64_t lost = bpf::load(object_->bss->lost[id]);
		if (lost == lost_[id])
			continue;
		processes_->notice_loss(probe_id(id));
		has_losses = true;
		lost_[id] = lost;
	}
	return has_losses;
}

void BpfSource::pass_objects(Batch &batch, bool has_losses)
{
	is_repair_due_ |= has_losses;
	if (!objects_)
		return;
	bool is_news_due = peers_->has_news() && (!is_complete_ || objects_->may_repeat());
	if (!objects_->is_due(is_repair_due_) && !is_news_due)
		return;
	append_pass(batch, WIRE_PASS_OBJECTS, false);
	births_->begin_pass();
	peers_->begin_object_pass();
	int error = objects_->run(batch, [&](const wire_object &object) { on_object(batch, object); });
	say("file", "open files", error);
	if (error)
		return;
	append_pass(batch, WIRE_PASS_OBJECTS, true);
	births_->end_pass();
	peers_->end_object_pass();
	is_repair_due_ = false;
}

void BpfSource::pass_tcp(Batch &batch, bool has_losses)
{
	if (!tcp_)
		return;
	// With --pid and --comm connections of others begin without an event.
	if (has_losses || object_->rodata->only_wanted || tcp_passes_++ % tcp_passes_between_full == 0)
		tcp_->stir_all();
	append_pass(batch, WIRE_PASS_TCP, false);
	std::vector<wire_tcp> others;
	wanted_sockets_.begin_pass();
	std::vector<wire_network> read;
	tcp_->run(
		processes_->networks(),
		[&](const wire_tcp &tcp) {
			if (!wanted_sockets_.on_pass(tcp)) {
				others.push_back(tcp);
				return;
			}
			batch.append_raw(&tcp, tcp.head.size);
		},
		[&](const wire_network &network) { read.push_back(network); });
	for (wire_tcp &tcp : others) {
		if (!wanted_sockets_.is_end_of_one(tcp))
			continue;
		peers_->watch(CHANNEL_TCP(tcp.sock));
		tcp.flags |= WIRE_TCP_FOREIGN;
		batch.append_raw(&tcp, tcp.head.size);
	}
	for (const wire_network &network : read)
		batch.append_raw(&network, network.head.size);
	append_pass(batch, WIRE_PASS_TCP, true);
	probes_.say("tcp", tcp_->about());
}

void BpfSource::pass_ipc(Batch &batch)
{
	if (!mappings_)
		return;
	addresses_->refresh(processes_->networks());
	if (!is_complete_)
		append_sysv_users(batch, processes_->met(), [&](const wire_object &object) { on_object(batch, object); });
	if (object_->rodata->only_wanted)
		sysv_peers_.append(batch, *peers_);
	if (!mappings_->is_due())
		return;
	pass_mappings(batch);
	// What wanted processes map was not known before, so others that map it were not looked for.
	if (!is_complete_ && object_->rodata->only_wanted)
		pass_mappings(batch);
}

void BpfSource::pass_mappings(Batch &batch)
{
	drain_ring(batch);
	append_pass(batch, WIRE_PASS_MAPPINGS, false);
	int error = mappings_->run();
	say("mapping", "memory mappings", error);
	drain_ring(batch);
	if (!error)
		append_pass(batch, WIRE_PASS_MAPPINGS, true);
}

void BpfSource::say(const char *probe, const char *what, int error)
{
	probes_.say(probe, error ? std::string("The last look at ") + what + " was broken off: " + strerror(error) + "." : "");
}

void BpfSource::append_health(Batch &batch)
{
	probes_.append(batch, object_->bss->lost);
	counters_->append_maps(batch);
	if (disk_)
		disk_->append_maps(batch);
	shares_->append_map(batch);
	if (addresses_)
		addresses_->append_map(batch);
	if (births_)
		births_->append_map(batch);
	if (object_->rodata->only_wanted)
		peers_->append_map(batch);
}

} // namespace

std::unique_ptr<Source> open_source(const SourceOptions &options)
{
	check_pids(options);
	if (!is_in_first_pid_namespace()) // with all rights it would load, and mix up two counts of pids
		throw SourceError("EBTOP_UNSUPPORTED", *why_unusable());
	try {
		return std::make_unique<BpfSource>(options, Features());
	} catch (const SourceError &error) {
		if (!strcmp(error.code, "EBTOP_USAGE"))
			throw;
		// The plain reason, where there is one, says more than what happened to fail first.
		if (std::optional<std::string> reason = why_unusable())
			throw SourceError("EBTOP_UNSUPPORTED", *reason);
		throw;
	}
}

std::vector<ProbeReport> report_probes()
{
	SourceOptions options; // all there is
	options.comm = "*";
	options.latency = true;
	options.events = ~0u << first_event;
	Features features;
	ProbeSet probes(options);
	std::vector<ProbeReport> reports;
	std::optional<std::string> unusable = why_unusable();

	if (unusable)
		probes.choose_none(*unusable);
	else
		Object object(features, options, probes);
	for (const Probe &probe : probes.probes())
		reports.push_back({probe.row->probe, state_of(probe), probe.is_chosen ? probe.row->variant : "", probe.reason});
	return reports;
}

} // namespace ebtop::bpf
