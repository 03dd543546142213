// SPDX-License-Identifier: GPL-2.0-only
#include "proc-source.h"

#include "../system.h"
#include "call-samples.h"
#include "connector.h"
#include "fd-scan.h"
#include "map-scan.h"
#include "net-namespaces.h"
#include "probes.h"
#include "process-table.h"
#include "socket-table.h"
#include "sysv-scan.h"

namespace ebtop::proc {

namespace {

class ProcSource : public Source {
public:
	ProcSource(const SourceOptions &options, const std::optional<std::string> &reason)
		: options_(options), processes_(options_), connector_(processes_, !options.no_args), spaces_(options.networks),
		  maps_(processes_), sysv_(processes_), fds_(processes_, sockets_, options.concerns), calls_(processes_),
		  probes_(options.concerns, reason.value_or(""))
	{
		for (uint32_t pid : options_.pids)
			if (!processes_.look_up(pid))
				throw SourceError("EBTOP_USAGE", "There is no process " + std::to_string(pid) + ".");
	}

	void drain(Batch &batch) override { connector_.drain(batch); }

	void sweep(Batch &batch) override
	{
		// What happened before the first pass is in it already.
		if (!is_first_)
			drain(batch);
		else
			connector_.forget();
		is_first_ = false;
		processes_.pass(batch);
		if (options_.concerns & (CONCERN_SYSCALL | CONCERN_IPC))
			calls_.look(batch, options_.concerns & CONCERN_SYSCALL);
		if (options_.concerns & (CONCERN_TCP | CONCERN_IPC)) {
			sockets_.begin_refresh();
			spaces_.visit(
				processes_.wanted(),
				[this](uint32_t netns, int diag) {
					sockets_.read(netns, diag, options_.concerns, netns == spaces_.own());
				},
				[this](uint32_t netns) { sockets_.forget(netns); });
			sockets_.end_refresh();
		}
		if (options_.concerns & CONCERN_IPC) {
			maps_.scan();
			sysv_.scan();
		}
		fds_.scan(batch);
		processes_.append_io(batch);
		if (options_.concerns & (CONCERN_TCP | CONCERN_IPC))
			sockets_.append_tcp(batch, [this](const SocketInfo &socket) { return fds_.owner_of(socket); });
		append_probes(batch);
		processes_.append_users(batch);
		System::Counted counted;
		if (connector_.reader().is_on())
			counted = {.forks = connector_.forks(), .execs = connector_.execs()};
		system_.append(batch, counted);
	}

	const SourceOptions &options() const override { return options_; }
	int visitor() const override { return spaces_.visitor(); }

private:
	void append_probes(Batch &batch)
	{
		Probes::Facts facts;
		for (const Process *process : processes_.wanted())
			facts.processes += !(process->record.flags & WIRE_PROCESS_KTHREAD);
		facts.hides_others = processes_.hides_others();
		facts.shortage = processes_.shortage();
		facts.io_denied = processes_.io_denied();
		facts.calls_denied = calls_.denied();
		facts.fds_denied = fds_.denied();
		facts.oldest_fds_ns = fds_.oldest_ns();
		facts.networks = sockets_.error() ? about_networks(0, sockets_.error()) : spaces_.about();
		facts.has_inet = sockets_.has_inet();
		facts.has_unix = sockets_.has_unix();
		facts.has_events = connector_.reader().is_on();
		facts.events_lost = connector_.reader().lost();
		facts.events_reason = connector_.reader().reason();
		probes_.append(batch, facts);
	}

	const SourceOptions options_;
	ProcessTable processes_;
	Connector connector_;
	NetNamespaces spaces_;
	SocketTable sockets_;
	MapScan maps_;
	SysvScan sysv_;
	FdScan fds_;
	CallSamples calls_;
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
