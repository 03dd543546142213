// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/bpf-source.h"

#include <cstring>
#include <optional>

#include <bpf/libbpf.h>

#include "bpf/counter-sweep.h"
#include "bpf/descriptor-sweep.h"
#include "bpf/event-calls.h"
#include "bpf/features.h"
#include "bpf/follow.h"
#include "bpf/ipc-sweep.h"
#include "bpf/losses.h"
#include "bpf/object.h"
#include "bpf/other-ends.h"
#include "bpf/probe-health.h"
#include "bpf/process-pass.h"
#include "bpf/ring.h"
#include "bpf/socket-sweep.h"
#include "bpf/thread-pass.h"
#include "bpf/wanted.h"
#include "ebtop.skel.h"
#include "names.h"
#include "own-namespace.h"
#include "program-text.h"
#include "system.h"

namespace ebtop::bpf {
namespace {

constexpr const char *no_following = "Following needs Linux 5.17 or newer (bpf_loop)";

// Without the concerns whose programs this kernel lacks; their probes say why.
SourceOptions without_missing(SourceOptions options, const Features &features)
{
	if (!features.is_old)
		return options;
	if (options.concerns & CONCERN_FOLLOW)
		throw SourceError("EBTOP_UNSUPPORTED", std::string(no_following) + "; run ebtop without --follow.");
	options.standby &= ~unsigned(CONCERN_FOLLOW);
	return options;
}

class BpfSource : public Source {
public:
	// `asked` may have concerns that this kernel lacks.
	BpfSource(const SourceOptions &asked, std::unique_ptr<const Features> features);

	void drain(Batch &batch, uint32_t most) override
	{
		batch_ = &batch;
		ring_.drain(most);
		counters_.sweep_departed(batch);
		probes_.in_libraries([](LibraryLinks &links) { links.look_again(); });
	}

	void sweep(Batch &batch) override
	{
		static constexpr Step steps[] = {
			{0, &BpfSource::drain_ring},
			{0, &BpfSource::look_at_processes},
			{sockets, &BpfSource::prepare_sockets},
			{descriptors, &BpfSource::look_at_descriptors},
			{sockets, &BpfSource::look_at_sockets},
			{CONCERN_IPC, &BpfSource::look_at_links},
			{descriptors, &BpfSource::look_at_descriptors_again},
			{0, &BpfSource::drain_ring},
			{CONCERN_THREAD, &BpfSource::look_at_threads},
			{CONCERN_SCHED, &BpfSource::make_places},
			{0, &BpfSource::sweep_counters},
			{0, &BpfSource::append_health},
			{0, &BpfSource::append_system},
		};
		batch_ = &batch;
		for (const Step &step : steps)
			if (!step.concerns || step.concerns & options_.possible())
				(this->*step.run)(batch);
		is_first_ = false;
	}

	void want(unsigned concerns) override
	{
		unsigned before = wanted_;

		wanted_ = options_.concerns | (concerns & options_.standby & ~CONCERN_FOLLOW) | (wanted_ & CONCERN_FOLLOW);
		if ((before ^ wanted_) & CONCERN_DISK && !(options_.events & EVENT_DISK))
			counters_.forget_requests();
		if (wanted_ & ~before & CONCERN_THREAD) // a stored waker may be older than a wakeup that was missed
			object_->bss->wake_round++;
		if (wanted_ & ~before & CONCERN_SCHED)
			object_->data->sched_round++;
		if (wanted_ & ~before & CONCERN_REFUSAL) { // calls in progress have an exit without an entry
			object_->bss->has_seen_entry = 0;
			object_->bss->filtered_round++;
		}
		attach();
	}

	void follow(uint32_t pid) override;
	void load_rest() override;
	void attach_rest() override;

	const SourceOptions &options() const override { return options_; }
	int visitor() const override { return visitor_.tid(); }

private:
	struct Step {
		unsigned concerns; // that need it; 0: always run
		void (BpfSource::*run)(Batch &batch);
	};

	static constexpr unsigned sockets = CONCERN_TCP | CONCERN_IPC, descriptors = sockets | CONCERN_FILE;

	void drain_ring(Batch &) { ring_.drain(); }
	void look_at_processes(Batch &batch);
	void prepare_sockets(Batch &);
	void look_at_descriptors(Batch &batch) { descriptors_->run(batch, has_losses_, is_first_); }
	void look_at_sockets(Batch &batch) { sockets_->run(batch, processes_.networks(), has_losses_); }
	void look_at_links(Batch &batch) { links_->run(batch, processes_, is_first_); }
	void look_at_descriptors_again(Batch &batch) { descriptors_->run_for_news(batch, is_first_); }
	void look_at_threads(Batch &batch)
	{
		if (!threads_)
			return;
		if (!(wanted_ & CONCERN_THREAD))
			return threads_->report_gone(batch);
		health_.report_broken_pass("threads", "threads", threads_->run(batch));
	}
	void make_places(Batch &)
	{
		bpf_program *iterator = object_.program("ebtop_run_places");
		if (wanted_ & CONCERN_SCHED && iterator)
			health_.report_broken_pass("sched", "threads", counters_.make_places(iterator));
	}
	void sweep_counters(Batch &batch) { counters_.sweep(batch); }
	void attach()
	{
		__atomic_store_n(&object_->bss->takes_events, false, __ATOMIC_RELEASE);
		probes_.attach(needs_of(options_) & (wanted_ | ~uint64_t(options_.possible())));
		__atomic_store_n(&object_->bss->takes_events, true, __ATOMIC_RELEASE);
	}
	void begin_passes();
	void append_health(Batch &batch);
	void append_system(Batch &batch);
	void on_record(const wire_head &head, size_t size);

	const SourceOptions asked_, options_;	   // the second without what this kernel lacks
	unsigned wanted_;			   // the concerns
	std::unique_ptr<const Features> features_; // until everything is loaded
	ProbeChoice choice_;
	Object object_;
	std::string why_no_rest_;
	ProbeLinks probes_;
	ProbeHealth health_;
	const bool is_filtered_; // --pid or --comm
	Batch *batch_ = nullptr; // the batch in progress
	Ring ring_;
	CounterSweep counters_;
	OtherEnds others_;
	Names names_;
	ProcessPass processes_;
	NetVisitor visitor_;
	std::optional<DescriptorSweep> descriptors_;
	std::optional<SocketSweep> sockets_;
	std::optional<IpcSweep> links_;
	std::optional<ThreadPass> threads_;
	Losses losses_;
	bool has_losses_ = false; // since the last refresh: the passes then find what was lost
	bool is_first_ = true;	  // until the end of the first refresh
	System system_;
};

BpfSource::BpfSource(const SourceOptions &asked, std::unique_ptr<const Features> features)
	: asked_(asked), options_(without_missing(asked, *features)), wanted_(options_.concerns),
	  features_(std::move(features)), choice_(asked_), object_(*features_, options_, choice_), probes_(object_, choice_),
	  health_(probes_), is_filtered_(object_->rodata->only_wanted),
	  ring_(object_->maps.ring, [this](const wire_head &head, size_t size) { on_record(head, size); }),
	  counters_(*object_.operator->(), options_), others_{.peers = {object_->maps.peers, object_->maps.channels,
									object_->maps.wanted,
									is_filtered_ && options_.concerns & CONCERN_IPC},
							      .sockets = WantedSockets(!is_filtered_),
							      .sysv = {}},
	  processes_(object_->progs.ebtop_tasks, options_, !is_filtered_, names_, others_.peers, counters_.exited())
{
	const ebtop_bpf &object = *object_.operator->();

	if (options_.concerns & descriptors)
		descriptors_.emplace(object, counters_.shares(), others_, health_);
	if (options_.concerns & sockets)
		sockets_.emplace(object, options_, visitor_, others_, health_);
	if (options_.concerns & CONCERN_IPC)
		links_.emplace(object, visitor_, ring_, others_, health_);
	begin_passes();
	if (!object_.is_partial())
		features_.reset();
	if (options_.concerns & CONCERN_FOLLOW) {
		object.bss->is_following = true;
		for (uint32_t pid : options_.pids) {
			note_inherited(pid, object);
			mark_process(pid, object);
		}
	}
	attach();
	if (is_filtered_)
		seed_wanted(options_, object, processes_.tasks());
}

// Detaches the probes to drop the old state, and attaches them before it looks for descendants, so that a child born
// meanwhile is found by one or the other.
void BpfSource::follow(uint32_t pid)
{
	if (asked_.standby & ~options_.standby & CONCERN_FOLLOW)
		throw SourceError("EBTOP_UNSUPPORTED", std::string(no_following) + ".");
	if (!(options_.standby & CONCERN_FOLLOW))
		throw SourceError("EBTOP_USAGE", "Follow has to be on standby.");
	if (pid)
		check_pid(pid, "--follow");
	object_->bss->is_following = false;
	wanted_ &= ~CONCERN_FOLLOW;
	attach();
	stop_following(*object_.operator->());
	if (!pid)
		return;
	note_inherited(pid, *object_.operator->());
	wanted_ |= CONCERN_FOLLOW;
	object_->bss->is_following = true;
	attach();
	start_following(pid, *object_.operator->(), processes_.tasks());
}

// Those whose iterators are loaded, and that are only made if they are wanted.
void BpfSource::begin_passes()
{
	if (links_)
		links_->set_mappings(object_.program("ebtop_mappings"));
	if (bpf_program *iterator = object_.program("ebtop_threads"); iterator && !threads_)
		threads_.emplace(iterator, processes_.proc_dir());
}

void BpfSource::load_rest()
{
	if (!object_.is_partial())
		return;
	try {
		object_.load_rest(*features_, choice_);
	} catch (const SourceError &error) {
		why_no_rest_ = error.what();
	}
}

void BpfSource::attach_rest()
{
	if (!object_.is_partial())
		return;
	features_.reset();
	object_.use_rest();
	probes_.add_rest(choice_, why_no_rest_);
	begin_passes();
	attach();
}

void BpfSource::on_record(const wire_head &head, size_t size)
{
	if (head.type == WIRE_NAME) { // a cgroup that is seen for the first time: its container is added to its path
		auto &name = reinterpret_cast<const wire_name &>(head);
		std::string path(reinterpret_cast<const char *>(&name + 1), name.len);
		names_.cgroup(*batch_, name.id, name.flags & WIRE_TEXT_TRUNCATED ? "…" + path : path);
		return;
	}
	if (head.type == WIRE_EXIT)
		counters_.exited().insert({head.pid, head.start});
	else if (head.type == WIRE_FORK || head.type == WIRE_PROCESS)
		names_.user(reinterpret_cast<const wire_process &>(head).uid);
	else if (head.type == WIRE_CALL_EVENT)
		on_event_read(reinterpret_cast<const wire_call_event &>(head), *object_.operator->());
	else if (head.type == WIRE_OBJECT)
		others_.on_object(*batch_, reinterpret_cast<const wire_object &>(head));
	if (head.type == WIRE_TCP) {
		auto &tcp = reinterpret_cast<const wire_tcp &>(head);
		if (sockets_)
			sockets_->mark_active(tcp.netns);
		if (!others_.sockets.on_tcp(tcp))
			return;
	}
	if (head.type == WIRE_EXEC)
		probes_.in_libraries([&](LibraryLinks &links) { links.on_exec(head.pid); });
	if (is_filtered_)
		others_.peers.on_record(*batch_, head);
	processes_.on_record(head);
	if (batch_->append_raw(&head, size))
		processes_.align(*reinterpret_cast<wire_head *>(batch_->at(batch_->size() - head.size)));
}

void BpfSource::look_at_processes(Batch &batch)
{
	health_.count_misses([this](probe_id probe) {
		uint64_t seen = load(object_->bss->taken_seen[probe]); // read first, so that it is never the larger one
		return load(object_->bss->taken[probe]) - seen;
	});
	has_losses_ = losses_.notice(
		[this](probe_id probe) {
			return probe == PROBE_SCHED
				       ? 0
				       : load(object_->bss->lost[probe]) + health_.missed(probe); // no pass finds these
		},
		[this](probe_id probe) {
			processes_.notice_loss(probe);
			if (probe == PROBE_EXEC)
				probes_.in_libraries([](LibraryLinks &links) { links.on_loss(); });
		});
	probes_.in_libraries([](LibraryLinks &links) { links.let_go(); });
	health_.report_broken_pass("fork", "processes", processes_.run(batch));
}

void BpfSource::prepare_sockets(Batch &)
{
	if (is_first_)
		sockets_->prepare(processes_.networks());
}

void BpfSource::append_health(Batch &batch)
{
	health_.append(batch, object_->bss->lost);
	counters_.append_maps(batch);
	append_event_maps(batch, *object_.operator->());
	if (links_)
		links_->append_map(batch);
	if (descriptors_)
		descriptors_->append_map(batch);
	if (is_filtered_) {
		append_wanted_map(batch, *object_.operator->());
		others_.peers.append_maps(batch);
	}
	if (wanted_ & CONCERN_FOLLOW)
		append_follow_maps(batch, *object_.operator->());
}

void BpfSource::append_system(Batch &batch)
{
	names_.append_users(batch);
	system_.append(batch, {.forks = load(object_->bss->forks),
			       .execs = load(object_->bss->execs),
			       .has_calls = object_->rodata->count_calls});
}

} // namespace

std::unique_ptr<Source> open_source(const SourceOptions &options)
{
	check_pids(options);
	if (!is_in_first_pid_namespace()) // the programs would load, but mix up the pids of two namespaces
		throw SourceError("EBTOP_UNSUPPORTED", *why_unusable());
	try {
		return std::make_unique<BpfSource>(options, std::make_unique<const Features>(is_old_form_forced(options)));
	} catch (const SourceError &error) {
		if (!strcmp(error.code, "EBTOP_USAGE"))
			throw;
		// A known reason says more than the first thing that happened to fail.
		if (std::optional<std::string> reason = why_unusable())
			throw SourceError("EBTOP_UNSUPPORTED", *reason);
		throw;
	}
}

std::vector<ProbeReport> report_probes()
{
	SourceOptions options; // all probes
	options.comm = "*";
	options.latency = true;
	options.concerns |= CONCERN_SCHED | CONCERN_FOLLOW | CONCERN_REFUSAL;
	options.events = ~0ull << first_event;
	Features features;
	ProbeChoice choice(options);
	std::vector<ProbeReport> reports;
	std::optional<std::string> unusable = why_unusable();

	if (!unusable) {
		try {
			Object object(features, options, choice);
		} catch (const SourceError &error) {
			unusable = error.what();
		}
	}
	if (unusable)
		choice.choose_none(*unusable);
	for (const ChosenProbe &probe : choice.probes())
		reports.push_back({probe.row->probe, state_of(probe), probe.is_chosen ? variant_of(probe) : "", probe.reason});
	return reports;
}

} // namespace ebtop::bpf
