// SPDX-License-Identifier: GPL-2.0-only
// The BPF programs are compiled in two forms (bpf/lib/form.bpf.h), with the same maps, programs and variables.
#pragma once

struct ebtop_bpf;

namespace ebtop::bpf {

// Opens one form; null if it cannot be read. `types`: libbpf's btf_custom_path, or null.
ebtop_bpf *open_form(bool is_old, const char *types);

} // namespace ebtop::bpf
