// SPDX-License-Identifier: GPL-2.0-only
// The kernel's types are 5 MB and cost 10 ms to read. libbpf would read them for each object that it loads.
#pragma once

#include <vector>

struct btf;

namespace ebtop::bpf {

// During its lifetime libbpf uses `types` for all objects that this thread loads. `few`: of FewTypes, if these have its path.
class SharedKernelBtf {
public:
	SharedKernelBtf(btf *types, const std::vector<unsigned> &few);
	~SharedKernelBtf();
	SharedKernelBtf(const SharedKernelBtf &) = delete;
	SharedKernelBtf &operator=(const SharedKernelBtf &) = delete;
};

} // namespace ebtop::bpf
