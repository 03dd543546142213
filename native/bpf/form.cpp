// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/form.h"

#include <memory>

#include "ebtop-old.skel.h"
#include "ebtop.skel.h"

namespace ebtop::bpf {
namespace {

// Maps that only the other form uses. The old form has no task storage; the new one has no maps that replace atomic operations
// and cookies.
void leave_out_maps(ebtop_bpf &skeleton, bool is_old)
{
	bpf_map *map;

	bpf_object__for_each_map (map, skeleton.obj)
		if (is_old ? bpf_map__type(map) == BPF_MAP_TYPE_TASK_STORAGE
			   : map == skeleton.maps.claims || map == skeleton.maps.socket_numbers)
			bpf_map__set_autocreate(map, false);
}

} // namespace

// bpf/same-skeletons.cmake checks that the skeleton of one form fits the other one.
ebtop_bpf *open_form(bool is_old, const char *types)
{
	std::unique_ptr<ebtop_bpf, void (*)(ebtop_bpf *)> skeleton(static_cast<ebtop_bpf *>(calloc(1, sizeof(ebtop_bpf))),
								   ebtop_bpf::destroy);

	if (!skeleton || ebtop_bpf__create_skeleton(skeleton.get()))
		return nullptr;
	if (is_old) {
		bpf_object_skeleton &parts = *skeleton->skeleton;
		parts.data = const_cast<void *>(ebtop_old_bpf::elf_bytes(&parts.data_sz));
	}
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = types);
	if (bpf_object__open_skeleton(skeleton->skeleton, &options))
		return nullptr;
	leave_out_maps(*skeleton, is_old);
	return skeleton.release();
}

} // namespace ebtop::bpf
