// SPDX-License-Identifier: GPL-2.0-only
#include "probes.h"

#include <cstdio>
#include <cstring>
#include <unistd.h>

#include "../clock.h"
#include "../net-visitor.h"
#include "../source.h"

namespace ebtop::proc {

namespace {

std::string of_processes(size_t count, size_t all, const char *what)
{
	char text[160];

	if (count == 0)
		return {};
	snprintf(text, sizeof(text), " %zu of %zu processes do not let this user see their %s%s", count, all, what,
		 geteuid() == 0 ? "." : "; root sees all.");
	return text;
}

std::string after_space(const std::string &sentence)
{
	return sentence.empty() ? sentence : " " + sentence;
}

std::string about_shortage(int error)
{
	return error ? std::string(" Not all could be read in the last refresh: ") + strerror(error) + "." : "";
}

std::string about_descriptors(const Probes::Facts &facts)
{
	std::string text = of_processes(facts.fds_denied, facts.processes, "open files");

	char age[96];
	if (facts.oldest_fds_ns >= 2 * second) {
		snprintf(age, sizeof(age), " They are read in turns; the oldest read was %zu seconds ago.",
			 size_t(facts.oldest_fds_ns / second));
		text += age;
	}
	return text;
}

} // namespace

Probes::Probes(unsigned concerns, const std::string &reason)
	: concerns_(concerns), reason_(reason.empty() ? "Requested with --source proc." : reason)
{
}

void Probes::append(Batch &batch, unsigned wanted, const Facts &facts)
{
	set(batch, "process", WIRE_PROBE_FALLBACK, "procfs",
	    {reason_, " Processes are read from /proc once per refresh.",
	     facts.hides_others ? " Processes of other users are hidden (hidepid); root sees them." : "",
	     of_processes(facts.io_denied, facts.processes, "bytes read and written"), about_shortage(facts.shortage)});
	if (facts.has_events)
		set(batch, "process-events", WIRE_PROBE_ON, "cn_proc", {}, facts.events_lost);
	else
		set(batch, "process-events", WIRE_PROBE_OFF, "", {facts.events_reason});
	if (concerns_ & CONCERN_SYSCALL)
		set_syscall(batch, facts);
	if (concerns_ & CONCERN_FILE)
		set(batch, "file", WIRE_PROBE_FALLBACK, "procfs",
		    {reason_, " Open files are shown; their bytes are estimated from how far positions moved.",
		     about_descriptors(facts)});
	if (concerns_ & CONCERN_IPC)
		set(batch, "ipc", WIRE_PROBE_FALLBACK, facts.has_unix ? "sock_diag" : "procfs",
		    {reason_, " Shows which process holds which end, but not what moves through it.",
		     facts.has_unix ? "" : " This kernel does not report which unix sockets are connected (unix_diag).",
		     about_descriptors(facts), after_space(facts.semaphores[0]), after_space(facts.semaphores[1])});
	if (concerns_ & CONCERN_TCP)
		set_tcp(batch, facts);
	if (concerns_ & CONCERN_THREAD)
		set(batch, "threads", wanted & CONCERN_THREAD ? WIRE_PROBE_FALLBACK : WIRE_PROBE_STANDBY, "procfs",
		    {reason_, " Only BPF shows who woke a thread.",
		     of_processes(facts.threads_denied, facts.processes, "threads' calls")});
	if (concerns_ & CONCERN_DISK)
		set(batch, "disk", WIRE_PROBE_OFF, "",
		    {reason_, " Only BPF shows which process uses which block device: /proc/diskstats has no processes."});
}

void Probes::set_syscall(Batch &batch, const Facts &facts)
{
	if (facts.calls_denied >= facts.processes)
		set(batch, "syscall", WIRE_PROBE_OFF, "",
		    {reason_, " Only BPF can count system calls, and this user may not see which call any process is in."});
	else
		set(batch, "syscall", WIRE_PROBE_FALLBACK, "sampled",
		    {reason_,
		     " System calls are not counted: shown is the call that each process was found in, and how many samples in "
		     "a row "
		     "found it there.",
		     of_processes(facts.calls_denied, facts.processes, "system calls")});
}

void Probes::set_tcp(Batch &batch, const Facts &facts)
{
	const std::string &networks = facts.networks;

	if (!facts.has_inet)
		set(batch, "tcp", WIRE_PROBE_OFF, "", {reason_, " This kernel does not list sockets either (tcp_diag)."});
	else
		set(batch, "tcp", WIRE_PROBE_FALLBACK, "sock_diag",
		    {reason_, " Sockets are read once per refresh; shorter connections are not seen.",
		     networks.empty() ? "" : " ", networks});
}

void Probes::set(Batch &batch, const char *probe, wire_probe_state state, const char *variant,
		 std::initializer_list<std::string_view> sentences, uint64_t lost)
{
	std::string reason;
	wire_probe record{};

	for (std::string_view sentence : sentences)
		reason += sentence;
	Sent now{state, variant, reason, lost};
	Sent &before = sent_[probe];
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
