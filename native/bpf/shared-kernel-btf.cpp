// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/shared-kernel-btf.h"

#include <cerrno>
#include <linux/bpf.h>

namespace {

[[maybe_unused]] thread_local btf *shared = nullptr;
[[maybe_unused]] thread_local const std::vector<unsigned> *ids = nullptr;

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

struct bpf_core_relo_res;
int __real_bpf_core_patch_insn(const char *program, bpf_insn *code, int at, const bpf_core_relo *relocation, int number,
			       const bpf_core_relo_res *result);

// bpf_core_type_id_kernel(): the program passes the id to the kernel.
int __wrap_bpf_core_patch_insn(const char *program, bpf_insn *code, int at, const bpf_core_relo *relocation, int number,
			       const bpf_core_relo_res *result)
{
	int error = __real_bpf_core_patch_insn(program, code, at, relocation, number, result);

	if (error || !ids || ids->empty() || relocation->kind != BPF_CORE_TYPE_ID_TARGET)
		return error;
	if (code->code != (BPF_LD | BPF_IMM | BPF_DW) || unsigned(code->imm) >= ids->size())
		return -EINVAL;
	code->imm = int((*ids)[code->imm]);
	return 0;
}

} // extern "C"
#endif

namespace ebtop::bpf {

SharedKernelBtf::SharedKernelBtf(btf *types, const std::vector<unsigned> &few)
{
	shared = types;
	ids = &few;
}

SharedKernelBtf::~SharedKernelBtf()
{
	shared = nullptr;
	ids = nullptr;
}

} // namespace ebtop::bpf
