// SPDX-License-Identifier: GPL-2.0-only
#include "probes.h"

#include <cstring>
#include <unistd.h>

#include "../clock.h"
#include "../source.h"

namespace ebtop::proc {

namespace {

constexpr uint64_t second = 1'000'000'000;

std::string of_processes(size_t count, size_t all, const char *what)
{
	if (count == 0)
		return {};
	const char *remedy = geteuid() == 0 ? "." : "; root sees all.";
	return " " + std::to_string(count) + " of " + std::to_string(all) + " processes do not let this user see their " + what +
	       remedy;
}

std::string about_descriptors(const Probes::Facts &facts)
{
	std::string text = of_processes(facts.fds_denied, facts.processes, "open files");

	if (facts.oldest_fds_ns >= 2 * second)
		text += " They are looked at in turns; the oldest look was " + std::to_string(facts.oldest_fds_ns / second) +
			" seconds ago.";
	return text;
}

} // namespace

Probes::Probes(unsigned concerns, const std::string &reason)
	: concerns_(concerns), reason_(reason.empty() ? "Asked for with --source proc." : reason)
{
}

void Probes::append(Batch &batch, const Facts &facts)
{
	std::string hidden = facts.hides_others ? " Processes of other users are hidden (hidepid); root sees them." : "";

	set(batch, "process", WIRE_PROBE_FALLBACK, "procfs",
	    reason_ + " Processes are read from /proc once per refresh." + hidden +
		    of_processes(facts.io_denied, facts.processes, "bytes read and written"));
	if (facts.has_events)
		set(batch, "process-events", WIRE_PROBE_ON, "cn_proc", "", facts.events_lost);
	else
		set(batch, "process-events", WIRE_PROBE_OFF, "", facts.events_reason);
	if (concerns_ & CONCERN_SYSCALL)
		set(batch, "syscall", WIRE_PROBE_OFF, "", reason_ + " System calls can be counted with BPF alone.");
	if (concerns_ & CONCERN_FILE)
		set(batch, "file", WIRE_PROBE_FALLBACK, "procfs",
		    reason_ + " Open files are shown; their bytes are estimated from how far positions moved." +
			    about_descriptors(facts));
	if (concerns_ & CONCERN_IPC)
		set(batch, "ipc", WIRE_PROBE_FALLBACK, facts.has_unix ? "sock_diag" : "procfs",
		    reason_ + " Who holds which end is shown, what moves through it is not." +
			    (facts.has_unix ? "" : " This kernel does not tell which unix sockets belong together (unix_diag).") +
			    about_descriptors(facts));
	if (!(concerns_ & CONCERN_TCP))
		return;
	if (!facts.has_inet)
		set(batch, "tcp", WIRE_PROBE_OFF, "", reason_ + " This kernel does not tell about sockets either (tcp_diag).");
	else
		set(batch, "tcp", WIRE_PROBE_FALLBACK, "sock_diag",
		    reason_ + " Sockets are asked for once per refresh; shorter connections are not seen." +
			    (facts.spaces_denied ? " " + std::to_string(facts.spaces_denied) +
							   " network namespaces may not be entered; root may."
						 : ""));
}

void Probes::set(Batch &batch, const char *probe, wire_probe_state state, const char *variant, const std::string &reason,
		 uint64_t lost)
{
	std::string now = std::to_string(state) + variant + reason + std::to_string(lost);
	std::string &before = sent_[probe];
	wire_probe record{};

	if (now == before)
		return;
	before = now;
	record.head.time = boot_ns();
	strncpy(record.probe, probe, sizeof(record.probe) - 1);
	strncpy(record.variant, variant, sizeof(record.variant) - 1);
	record.state = state;
	record.lost = lost;
	record.reason_len = reason.size();
	batch.append(WIRE_PROBE, record, reason);
}

} // namespace ebtop::proc
