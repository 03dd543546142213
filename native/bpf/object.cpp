// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/object.h"

#include <bpf/libbpf.h>
#include <cstring>
#include <fcntl.h>
#include <vector>

#include "bpf/births.h"
#include "bpf/counters.h"
#include "bpf/disk-counters.h"
#include "bpf/event-calls.h"
#include "bpf/follow.h"
#include "bpf/form.h"
#include "bpf/sched-counters.h"
#include "bpf/shared-kernel-btf.h"
#include "bpf/libbpf-log.h"
#include "bpf/parallel-load.h"
#include "bpf/shares.h"
#include "bpf/spill.h"
#include "bpf/wanted.h"
#include "comm-glob.h"
#include "ebtop.skel.h"
#include "owned-fd.h"
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

// Why loading cannot have as many files open at once as it needs: an error, or 0. Where they run out, libbpf may report
// something else: it tries a map again without types, which some kinds refuse, and takes what it could not try for missing.
int why_too_few_files(bpf_object *object)
{
	std::vector<OwnedFd> files;
	size_t needed = 8; // types, and libbpf's tests
	bpf_map *map;
	bpf_program *program;

	bpf_object__for_each_map (map, object)
		needed += bpf_map__autocreate(map);
	bpf_object__for_each_program (program, object)
		needed += bpf_program__autoload(program) ? 2 : 0; // the place too
	while (files.size() < needed)
		if (!files.emplace_back(open("/dev/null", O_RDONLY | O_CLOEXEC)).is_open())
			return errno;
	return 0;
}

// Opens and loads until the kernel refuses no chosen program. `open` returns a new object.
template <class Open, class Load>
void load_chosen(const Features &features, FewTypes &types, ProbeChoice &choice, Part part, const Open &open, const Load &load)
{
	SharedKernelBtf shared(features.vmlinux, types.ids());

	for (;;) {
		LibbpfLog log;
		bpf_object *object = open();
		types.fill(features.vmlinux, object);
		choice.choose(object, features, part);
		ParallelLoad programs;
		int error = load();
		std::vector<ParallelLoad::Refusal> refused = programs.finish(!error);
		if (error)
			refused.push_back({log.failed_program(), -error});
		if (refused.empty())
			return;
		int shortage = why_too_few_files(object);
		for (const auto &[program, reported] : refused) {
			int number = shortage ? shortage : reported;
			std::string reason = std::string("The kernel refuses the program: ") + strerror(number) + ".";
			if (choice.refuse(program, reason))
				continue;
			std::string what = program.empty() ? "ebtop's BPF programs" : "ebtop's BPF program " + program;
			throw SourceError("EBTOP_UNSUPPORTED", "The kernel refuses " + what + ": " + strerror(number) +
								       "; run ebtop --source proc to do without them.");
		}
	}
}

} // namespace

// All programs of one form must be loaded with one set of constants: perf's form may turn out to be refused.
Object::Object(const Features &features, const SourceOptions &options, ProbeChoice &choice)
	: skeleton_(nullptr, ebtop_bpf::destroy), rest_(nullptr, bpf_object__close),
	  is_partial_(options.is_in_parts && !features.is_old && !features.skips_preempted)
{
	load_chosen(
		features, types_, choice, is_partial_ ? Part::first : Part::all,
		[&] {
			open(features, options);
			return skeleton_->obj;
		},
		[&] {
			skeleton_->rodata->by_perf = choice.is_perf();
			return ebtop_bpf::load(skeleton_.get());
		});
}

void Object::load_rest(const Features &features, ProbeChoice &choice)
{
	load_chosen(
		features, types_, choice, Part::rest, [&] { return open_rest(); },
		[&] { return bpf_object__load(rest_.get()); });
}

// Both objects have the same maps in the same order.
bpf_object *Object::open_rest()
{
	size_t size;
	const void *bytes = ebtop_bpf::elf_bytes(&size);
	bpf_map *loaded = nullptr, *map;

	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = types_.path());
	rest_.reset(bpf_object__open_mem(bytes, size, &options));
	if (!rest_)
		throw SourceError("EBTOP_FAILED", "The BPF object cannot be read; build ebtop again.");
	bpf_object__for_each_map (map, rest_.get()) {
		loaded = bpf_object__next_map(skeleton_->obj, loaded);
		if (!bpf_map__autocreate(loaded))
			bpf_map__set_autocreate(map, false);
		else if (bpf_map__reuse_fd(map, bpf_map__fd(loaded)))
			throw SourceError("EBTOP_FAILED", std::string("The map ") + bpf_map__name(map) +
								  " cannot be used twice: " + strerror(errno) + ".");
	}
	return rest_.get();
}

bpf_program *Object::program(const char *name) const
{
	for (const bpf_object *object : {skeleton_->obj, has_rest_ ? rest_.get() : nullptr}) {
		bpf_program *found = object ? bpf_object__find_program_by_name(object, name) : nullptr;
		if (found && bpf_program__fd(found) >= 0)
			return found;
	}
	return nullptr;
}

void Object::open(const Features &features, const SourceOptions &options)
{
	skeleton_.reset(open_form(features.is_old, types_.path()));
	if (!skeleton_)
		throw SourceError("EBTOP_FAILED", "The BPF object cannot be read; build ebtop again.");
	auto &constants = *skeleton_->rodata;
	constants.page_shift = std::countr_zero(static_cast<unsigned long>(sysconf(_SC_PAGESIZE)));
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
