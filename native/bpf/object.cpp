// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/object.h"

#include <bpf/libbpf.h>
#include <cstring>
#include <fcntl.h>

#include "bpf/births.h"
#include "bpf/counters.h"
#include "bpf/disk-counters.h"
#include "bpf/event-calls.h"
#include "bpf/follow.h"
#include "bpf/form.h"
#include "bpf/sched-counters.h"
#include "bpf/shared-kernel-btf.h"
#include "bpf/libbpf-log.h"
#include "bpf/shares.h"
#include "bpf/spill.h"
#include "bpf/wanted.h"
#include "comm-glob.h"
#include "ebtop.skel.h"
#include "text-file.h"

namespace ebtop::bpf {
namespace {

// Several lines: some controllers have hierarchies of their own.
bool is_cgroup_hybrid()
{
	char buffer[8192];
	std::string_view text = read_file(AT_FDCWD, "/proc/self/cgroup", buffer);

	take_line(text);
	return !text.empty();
}

} // namespace

Object::Object(const Features &features, const SourceOptions &options, ProbeChoice &choice)
	: skeleton_(nullptr, ebtop_bpf::destroy)
{
	SharedKernelBtf shared(features.vmlinux);

	for (;;) {
		LibbpfLog log;
		open(features, options);
		choice.choose(skeleton_->obj, features);
		skeleton_->rodata->by_perf = choice.is_perf();
		int error = ebtop_bpf::load(skeleton_.get());
		if (!error)
			return;
		std::string reason = std::string("The kernel refuses the program: ") + strerror(-error) + ".";
		if (!choice.refuse(log.failed_program(), reason)) {
			throw SourceError("EBTOP_UNSUPPORTED", std::string("The kernel refuses ebtop's BPF programs: ") +
								       strerror(-error) +
								       "; run ebtop --source proc to do without them.");
		}
	}
}

void Object::open(const Features &features, const SourceOptions &options)
{
	skeleton_.reset(open_form(features.is_old));
	if (!skeleton_)
		throw SourceError("EBTOP_FAILED", "The BPF object cannot be read; build ebtop again.");
	auto &constants = *skeleton_->rodata;
	constants.have_cast = features.has_rdonly_cast;
	constants.request_argument = features.is_queue_before_request();
	constants.no_args = options.no_args;
	constants.is_cgroup_hybrid = is_cgroup_hybrid();
	if (!options.comm.empty()) {
		CommGlob glob(options.comm);
		memcpy(const_cast<uint32_t *>(constants.comm_match), glob.match, sizeof(glob.match));
		constants.comm_stars = glob.stars;
		constants.comm_accept = glob.accept;
	}
	auto &maps = skeleton_->maps;
	configure_wanted(*skeleton_, options);
	Shares::configure(*skeleton_, options);
	Counters::configure(*skeleton_, options);
	configure_event_calls(*skeleton_, options);
	DiskCounters::configure(*skeleton_, options);
	SchedCounters::configure(*skeleton_, options);
	Births::configure(*skeleton_, options);
	bpf_map__set_max_entries(maps.ring, options.ring_bytes);
	Spill::configure(*skeleton_, options);
	bpf_map__set_max_entries(maps.own_addresses, options.addresses_capacity);
	bpf_map__set_max_entries(maps.peers, constants.only_wanted ? options.peers_capacity : 1);
	bpf_map__set_max_entries(maps.channels, constants.only_wanted ? options.channels_capacity : 1);
	configure_follow(*skeleton_, options);
	bpf_map__set_max_entries(maps.exited, options.exited_capacity);
	bpf_map__set_max_entries(maps.taken_events, options.taken_events_capacity);
	bpf_map__set_max_entries(maps.cgroups_sent, options.cgroups_capacity);
}

} // namespace ebtop::bpf
