// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/probe-links.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>

#include "ebtop.skel.h"

namespace ebtop::bpf {
namespace {

std::array<bpf_link **, 3> links_of(AttachedProbe &probe)
{
	return {&probe.before[0], &probe.before[1], &probe.link};
}

} // namespace

ProbeLinks::ProbeLinks(const Object &object, ProbeChoice &choice)
	: object_(object), perf_(choice.perf()), is_perf_(choice.is_perf())
{
	for (const ChosenProbe &probe : choice.probes()) {
		probes_.push_back({probe});
		probes_.back().is_loaded = is_loaded(probe);
	}
}

bool ProbeLinks::is_loaded(const ChosenProbe &probe) const
{
	return probe.is_chosen && object_.program(probe.row->program);
}

void ProbeLinks::add_rest(const ProbeChoice &choice, const std::string &problem)
{
	for (size_t i = 0; i < probes_.size(); i++) {
		AttachedProbe &probe = probes_[i];
		if (!probe.is_chosen || probe.is_loaded)
			continue;
		static_cast<ChosenProbe &>(probe) = choice.probes()[i];
		probe.is_loaded = is_loaded(probe);
		if (probe.is_loaded || !probe.is_chosen)
			continue;
		probe.is_chosen = false;
		probe.reason = problem;
	}
}

// Puts the program into the tail call table at its classes of calls, for ebtop_sys_exit.
void ProbeLinks::add_to_calls(AttachedProbe &probe)
{
	int map = bpf_map__fd(object_->maps.ipc_calls);
	int program = bpf_program__fd(object_.program(probe.row->program));

	probe.is_called = true;
	for (uint32_t place = 0; place < 64; place++) {
		if (!(probe.row->calls >> place & 1) || !bpf_map_update_elem(map, &place, &program, BPF_ANY))
			continue;
		probe.reason = std::string("It cannot be added to the tail call table: ") + strerror(errno) + ".";
		probe.is_called = false;
	}
}

// If the hook cannot be attached, the next variant without a hook can use what is loaded.
void ProbeLinks::attach_hook(AttachedProbe &probe)
{
	bpf_program *hook = object_.program(probe.row->hook);

	probe.link = bpf_program__attach(hook);
	if (probe.link) {
		probe.program_fd = bpf_program__fd(hook);
		return;
	}
	probe.reason = std::string("Its hook cannot be attached: ") + strerror(errno) + ".";
	for (const ProbeRow &row : probe_table())
		if (std::string(row.program) == probe.row->program && !row.hook)
			probe.row = &row;
}

// Without these the program reports everything itself, as on kernels that do not preempt it.
void ProbeLinks::attach_before(AttachedProbe &probe)
{
	for (size_t i = 0; i < probe.before.size() && probe.row->before[i]; i++) {
		probe.before[i] = perf_.attach(object_.program(probe.row->before[i]));
		if (probe.before[i])
			continue;
		probe.lacks_perf = true;
		probe.reason = lack_of_perf(std::string(probe.row->before[i]) + " cannot be attached: " + strerror(errno));
	}
}

void ProbeLinks::attach_own(AttachedProbe &probe)
{
	if (probe.row->is_in_libraries) {
		probe.in_libraries = std::make_unique<LibraryLinks>(object_, is_multi(*probe.row));
		return;
	}
	bpf_program *program = object_.program(probe.row->program);

	probe.program_fd = bpf_program__fd(program);
	if (probe.is_perf)
		attach_before(probe);
	probe.link = perf_.attach(program);
	if (!probe.link)
		probe.reason = std::string("It cannot be attached: ") + strerror(errno) + ".";
}

void ProbeLinks::attach(uint64_t needs)
{
	needs_ = needs;
	for (AttachedProbe &probe : probes_) {
		if (!probe.is_loaded || !probe.row->calls || probe.is_called)
			continue;
		add_to_calls(probe);
		if (probe.row->hook)
			attach_hook(probe);
	}
	for (AttachedProbe &probe : probes_) {
		if (!probe.is_loaded || probe.row->calls)
			continue;
		if (!(probe.row->needs & needs)) {
			for (bpf_link **link : links_of(probe)) {
				bpf_link__destroy(*link);
				*link = nullptr;
			}
			probe.in_libraries.reset();
			continue;
		}
		if (probe.link || probe.in_libraries)
			continue;
		for (const AttachedProbe &other : probes_) // two may share a program: files are seen at the exit of calls
			probe.is_called |= other.link && other.row->program == std::string(probe.row->program);
		if (!probe.is_called)
			attach_own(probe);
	}
}

// Freeing a perf event waits twice until no CPU can be running its program: 80 ms each on 6.18, half of it under a lock for
// all events. So they are freed in parallel.
ProbeLinks::~ProbeLinks()
{
	std::vector<std::thread> waiting;

	auto destroy = [&](bpf_link *link) {
		try {
			if (is_perf_ && link)
				return void(waiting.emplace_back(bpf_link__destroy, link));
		} catch (const std::system_error &) { // no more threads
		}
		bpf_link__destroy(link);
	};
	for (AttachedProbe &probe : probes_) {
		for (bpf_link **link : links_of(probe))
			destroy(*link);
	}
	for (std::thread &thread : waiting)
		thread.join();
}

} // namespace ebtop::bpf
