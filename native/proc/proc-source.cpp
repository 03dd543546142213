// SPDX-License-Identifier: GPL-2.0-only
#include "proc-source.h"

#include "../system.h"
#include "call-samples.h"
#include "connector.h"
#include "fd-scan.h"
#include "io-scan.h"
#include "map-scan.h"
#include "net-namespaces.h"
#include "object-records.h"
#include "probes.h"
#include "process-records.h"
#include "process-table.h"
#include "socket-table.h"
#include "sysv-scan.h"
#include "thread-scan.h"

namespace ebtop::proc {

namespace {

class ProcSource : public Source {
public:
	ProcSource(const SourceOptions &options, const std::optional<std::string> &reason)
		: options_(options), wanted_(options.concerns), processes_(options_), records_(processes_, options_),
		  connector_(processes_, records_, options_), spaces_(options.networks), calls_(processes_), io_(processes_),
		  maps_(processes_, options.shm_names_capacity), sysv_(processes_, maps_, calls_),
		  fds_(processes_, sockets_, io_, options.concerns), objects_(processes_, {&fds_, &maps_, &sysv_}),
		  threads_(processes_, fds_), probes_(options.possible(), reason.value_or(""))
	{
		for (uint32_t pid : options_.pids)
			if (!processes_.look_up(pid))
				throw SourceError("EBTOP_USAGE", "There is no process " + std::to_string(pid) + ".");
	}

	void drain(Batch &batch, uint32_t) override { connector_.drain(batch); }

	void sweep(Batch &batch) override
	{
		static constexpr Step steps[] = {
			{0, &ProcSource::drain_events},
			{0, &ProcSource::look_at_processes},
			{CONCERN_PROCESS | CONCERN_FILE, &ProcSource::look_at_io},
			{CONCERN_SYSCALL | CONCERN_IPC, &ProcSource::look_at_calls},
			{socket, &ProcSource::look_at_sockets},
			{CONCERN_IPC, &ProcSource::look_at_memory},
			{held, &ProcSource::look_at_descriptors},
			{CONCERN_PROCESS | CONCERN_FILE, &ProcSource::append_io},
			{socket, &ProcSource::append_tcp},
			{CONCERN_THREAD, &ProcSource::look_at_threads},
			{0, &ProcSource::append_probes},
			{0, &ProcSource::append_system},
		};
		for (const Step &step : steps)
			if (!step.concerns || step.concerns & options_.possible())
				(this->*step.run)(batch);
		is_first_ = false;
	}

	void follow(uint32_t) override { throw SourceError("EBTOP_UNSUPPORTED", "Only BPF shows who works for a process."); }
	void want(unsigned concerns) override { wanted_ = options_.concerns | (concerns & options_.standby); }

	const SourceOptions &options() const override { return options_; }
	int visitor() const override { return spaces_.visitor(); }

private:
	struct Step {
		unsigned concerns; // that need it; 0: always run
		void (ProcSource::*run)(Batch &batch);
	};

	static constexpr unsigned held = CONCERN_FILE | CONCERN_IPC | CONCERN_TCP, socket = CONCERN_TCP | CONCERN_IPC;

	// Events from before the first pass are part of its result.
	void drain_events(Batch &batch)
	{
		if (is_first_)
			connector_.forget();
		else
			connector_.drain(batch);
	}

	void look_at_processes(Batch &batch)
	{
		if (processes_.pass())
			records_.append_pass(batch);
	}

	void look_at_io(Batch &) { io_.scan(); }
	void look_at_calls(Batch &batch) { calls_.look(batch, options_.concerns & CONCERN_SYSCALL); }

	void look_at_sockets(Batch &)
	{
		sockets_.begin_refresh();
		spaces_.visit(
			processes_.wanted(),
			[this](uint32_t netns, int diag) {
				sockets_.read(netns, diag, options_.concerns, netns == spaces_.own());
			},
			[this](uint32_t netns) { sockets_.forget(netns); });
		sockets_.end_refresh();
	}

	void look_at_memory(Batch &)
	{
		maps_.scan();
		sysv_.scan();
	}

	void look_at_descriptors(Batch &batch)
	{
		fds_.scan(batch);
		objects_.append(batch);
		fds_.update_sockets(batch);
	}

	void look_at_threads(Batch &batch)
	{
		if (wanted_ & CONCERN_THREAD)
			threads_.scan(batch);
		else
			threads_.report_gone(batch);
	}
	void append_io(Batch &batch) { io_.append(batch); }

	void append_tcp(Batch &batch)
	{
		sockets_.append_tcp(batch, [this](const SocketInfo &info) { return fds_.owner_of(info); });
	}

	void append_system(Batch &batch)
	{
		System::Counted counted;

		records_.append_users(batch);
		if (connector_.reader().is_on())
			counted = {.forks = connector_.forks(), .execs = connector_.execs()};
		system_.append(batch, counted);
	}

	void append_probes(Batch &batch)
	{
		Probes::Facts facts;
		for (const Process *process : processes_.wanted())
			facts.processes += !process->is_kernel_thread();
		facts.hides_others = processes_.hides_others();
		facts.shortage = processes_.shortage();
		facts.io_denied = io_.denied();
		facts.calls_denied = calls_.denied();
		facts.fds_denied = fds_.denied();
		facts.threads_denied = threads_.denied();
		facts.oldest_fds_ns = fds_.oldest_ns();
		facts.networks = sockets_.error() ? about_networks(0, sockets_.error()) : spaces_.about();
		facts.semaphores = {sysv_.skipped().about(), maps_.about_names()};
		facts.has_inet = sockets_.has_inet();
		facts.has_unix = sockets_.has_unix();
		facts.has_events = connector_.reader().is_on();
		facts.events_lost = connector_.reader().lost();
		facts.events_reason = connector_.reader().reason();
		probes_.append(batch, wanted_, facts);
	}

	const SourceOptions options_;
	unsigned wanted_; // the concerns
	ProcessTable processes_;
	ProcessRecords records_;
	Connector connector_;
	NetNamespaces spaces_;
	SocketTable sockets_;
	CallSamples calls_;
	IoScan io_;
	MapScan maps_;
	SysvScan sysv_;
	FdScan fds_;
	ObjectRecords objects_;
	ThreadScan threads_;
	Probes probes_;
	System system_;
	bool is_first_ = true;
};

} // namespace

std::unique_ptr<Source> open_source(const SourceOptions &options, const std::optional<std::string> &reason)
{
	return std::make_unique<ProcSource>(options, reason);
}

} // namespace ebtop::proc
