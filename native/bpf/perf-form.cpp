// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/perf-form.h"

#include <bpf/libbpf.h>
#include <cstring>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <string_view>
#include <sys/syscall.h>

#include "detached-mount.h"
#include "text-file.h"

namespace ebtop::bpf {
namespace {

constexpr std::string_view two_forms = "two_forms/", perf_alone = "tp/";
constexpr std::string_view sys_exit = "raw_syscalls/sys_exit";

// The tracepoint with its group, as perf names it; empty if the program has no perf form.
std::string_view tracepoint_of(const bpf_program *program)
{
	std::string_view section = bpf_program__section_name(program);

	for (std::string_view prefix : {two_forms, perf_alone})
		if (section.starts_with(prefix))
			return section.substr(prefix.size());
	return {};
}

} // namespace

bool PerfForm::has(const bpf_program *program)
{
	return std::string_view(bpf_program__section_name(program)).starts_with(two_forms);
}

void PerfForm::set(bpf_program *program, bool is_perf)
{
	std::string name(tracepoint_of(program));

	bpf_program__set_type(program, is_perf ? BPF_PROG_TYPE_TRACEPOINT : BPF_PROG_TYPE_TRACING);
	bpf_program__set_expected_attach_type(program, is_perf ? bpf_attach_type(0) : BPF_TRACE_RAW_TP);
	if (!is_perf)
		bpf_program__set_attach_target(program, 0, name.substr(name.find('/') + 1).c_str());
}

// 0 and errno if it cannot be read.
uint64_t PerfForm::number_of(std::string_view tracepoint) const
{
	std::string path = "events/" + std::string(tracepoint) + "/id";
	char buffer[32];

	return Cursor(read_file(tracefs_.get(), path.c_str(), buffer)).number();
}

// A perf event belongs to one CPU, but its programs run on every CPU. Outside of x86 the first CPU may be offline.
OwnedFd PerfForm::open(std::string_view tracepoint) const
{
	perf_event_attr attr{};

	attr.size = sizeof(attr);
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = number_of(tracepoint);
	if (!attr.config)
		return {};
	for (int cpu = 0;; cpu++) {
		OwnedFd event(int(syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC)));
		if (event.is_open() || errno != ENODEV)
			return event;
	}
}

std::string PerfForm::why_not()
{
	if (sys_exit_.is_open())
		return {};
	tracefs_ = OwnedFd(::open("/sys/kernel/tracing", O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (!number_of(sys_exit)) // tracefs is not mounted, or may not be read
		tracefs_ = detached_mount("tracefs");
	if (!tracefs_.is_open() || !number_of(sys_exit))
		return std::string("tracefs cannot be read: ") + strerror(errno);
	sys_exit_ = open(sys_exit);
	return sys_exit_.is_open() ? "" : std::string("perf's events cannot be opened: ") + strerror(errno);
}

bpf_link *PerfForm::attach(const bpf_program *program)
{
	if (bpf_program__type(program) != BPF_PROG_TYPE_TRACEPOINT)
		return has(program) ? bpf_program__attach_trace(program) : bpf_program__attach(program);
	std::string_view tracepoint = tracepoint_of(program);
	OwnedFd event = tracepoint == sys_exit && sys_exit_.is_open() ? std::move(sys_exit_) : open(tracepoint);

	if (!event.is_open())
		return nullptr;
	bpf_link *link = bpf_program__attach_perf_event(program, event.get());
	if (link)
		event.release(); // the link owns it now
	return link;
}

} // namespace ebtop::bpf
