// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/lent-types.h"

namespace {

[[maybe_unused]] thread_local btf *lent = nullptr;

} // namespace

#ifndef EBTOP_WITHOUT_SHARED_BTF // then libbpf does as it always does
// The linker sends libbpf's calls here (--wrap).
extern "C" {

btf *__real_btf__load_vmlinux_btf();
void __real_btf__free(btf *types);

btf *__wrap_btf__load_vmlinux_btf()
{
	return lent ? lent : __real_btf__load_vmlinux_btf();
}

void __wrap_btf__free(btf *types)
{
	if (types != lent)
		__real_btf__free(types);
}

} // extern "C"
#endif

namespace ebtop::bpf {

LentTypes::LentTypes(btf *types)
{
	lent = types;
}

LentTypes::~LentTypes()
{
	lent = nullptr;
}

} // namespace ebtop::bpf
