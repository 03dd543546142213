// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/shared-kernel-btf.h"

namespace {

[[maybe_unused]] thread_local btf *shared = nullptr;

} // namespace

#ifndef EBTOP_WITHOUT_SHARED_BTF // else libbpf reads them for each object
// The linker redirects libbpf's calls here (--wrap).
extern "C" {

btf *__real_btf__load_vmlinux_btf();
void __real_btf__free(btf *types);

btf *__wrap_btf__load_vmlinux_btf()
{
	return shared ? shared : __real_btf__load_vmlinux_btf();
}

void __wrap_btf__free(btf *types)
{
	if (types != shared)
		__real_btf__free(types);
}

} // extern "C"
#endif

namespace ebtop::bpf {

SharedKernelBtf::SharedKernelBtf(btf *types)
{
	shared = types;
}

SharedKernelBtf::~SharedKernelBtf()
{
	shared = nullptr;
}

} // namespace ebtop::bpf
