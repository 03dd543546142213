// SPDX-License-Identifier: GPL-2.0-only
#include "features.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <sys/utsname.h>
#include <unistd.h>

#include "../owned-fd.h"
#include "own-namespace.h"
#include "security-modules.h"

namespace ebtop::bpf {
namespace {

// Since Linux 7.0 tracepoints run under SRCU-fast, no longer with preemption off (commits a46023d5616e, f7d327654b88). So a
// thread may be preempted inside of a program, and meanwhile that program is skipped for all others on that CPU. Neither BTF
// nor symbols show this (`tracepoint_srcu` is in 6.12 too), so here alone the version decides.
bool is_preempted_in_tracepoints()
{
	utsname system;

	return !uname(&system) && strtol(system.release, nullptr, 10) >= 7;
}

} // namespace

Features::Features(bool is_old_forced)
{
	vmlinux = btf__load_vmlinux_btf();
	if (libbpf_get_error(vmlinux))
		vmlinux = nullptr;
	is_old = is_old_forced || !has_function("bpf_loop");
	has_rdonly_cast = !is_old && has_function("bpf_rdonly_cast");
	skips_preempted = !is_old && is_preempted_in_tracepoints();
}

Features::~Features()
{
	btf__free(vmlinux);
}

bool Features::has_function(const char *name) const
{
	return vmlinux && btf__find_by_name_kind(vmlinux, name, BTF_KIND_FUNC) > 0;
}

bool Features::has_struct(const char *name) const
{
	return vmlinux && btf__find_by_name_kind(vmlinux, name, BTF_KIND_STRUCT) > 0;
}

bool Features::has_iterator(const std::string &target) const
{
	return has_struct(("bpf_iter__" + target).c_str());
}

// The prototype of a tracepoint; the first parameter is its private pointer.
const btf_type *Features::tracepoint(const char *name) const
{
	int id = vmlinux ? btf__find_by_name_kind(vmlinux, (std::string("btf_trace_") + name).c_str(), BTF_KIND_TYPEDEF) : 0;
	if (id <= 0)
		return nullptr;
	// typedef -> pointer -> prototype
	const btf_type *type = btf__type_by_id(vmlinux, id);
	type = btf__type_by_id(vmlinux, type->type);
	type = btf__type_by_id(vmlinux, type->type);
	return btf_is_func_proto(type) ? type : nullptr;
}

int Features::tracepoint_arguments(const char *name) const
{
	const btf_type *type = tracepoint(name);

	return type ? btf_vlen(type) - 1 : -1;
}

bool Features::is_pointer_argument(const char *name, int index) const
{
	const btf_type *type = tracepoint(name);
	if (!type || index + 1 >= btf_vlen(type))
		return false;
	const btf_type *argument = btf__type_by_id(vmlinux, btf_params(type)[index + 1].type);
	return argument && btf_is_ptr(argument);
}

namespace {

// Loads a program. Returns 0 or a negative error.
int try_load(std::span<const bpf_insn> program, bpf_prog_type type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	     const bpf_prog_load_opts *options = nullptr)
{
	OwnedFd loaded(bpf_prog_load(type, "ebtop_try", "GPL", program.data(), program.size(), options));
	return loaded.is_open() ? 0 : -errno;
}

// r0 = 0; exit
constexpr bpf_insn nothing[] = {
	{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = 0},
	{.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
};

// bpf_probe_read_kernel(a place of 8 bytes on the stack, 8, 0); r0 = 0; exit
constexpr bpf_insn read_kernel[] = {
	{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_10, .off = 0, .imm = 0},
	{.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_1, .src_reg = 0, .off = 0, .imm = -8},
	{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .src_reg = 0, .off = 0, .imm = 8},
	{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3, .src_reg = 0, .off = 0, .imm = 0},
	{.code = BPF_JMP | BPF_CALL, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = BPF_FUNC_probe_read_kernel},
	nothing[0],
	nothing[1],
};

} // namespace

std::string Features::why_no_function_entry(const char *name) const
{
	int function = vmlinux ? btf__find_by_name_kind(vmlinux, name, BTF_KIND_FUNC) : 0;
	if (function <= 0)
		return std::string("This kernel has no function ") + name + ".";
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_TRACE_FENTRY,
		    .attach_btf_id = static_cast<__u32>(function));
	int error = try_load(nothing, BPF_PROG_TYPE_TRACING, &options);
	return error ? std::string("The kernel refuses BPF programs at function entries (fentry): ") + strerror(-error) + "."
		     : "";
}

// If bpf is not among the active modules, such a program attaches and never runs, so the list decides. Some kernels refuse
// the program although bpf is in the list.
std::string Features::why_no_security_hook(const char *name) const
{
	int function = vmlinux ? btf__find_by_name_kind(vmlinux, (std::string("bpf_lsm_") + name).c_str(), BTF_KIND_FUNC) : 0;
	if (function <= 0)
		return "This kernel does not support BPF security modules (CONFIG_BPF_LSM).";
	std::string modules = security_modules();
	if (modules.empty())
		return "The list of active security modules cannot be read (securityfs).";
	if (("," + modules + ",").find(",bpf,") == modules.npos)
		return "BPF is not an active security module (that takes lsm=…,bpf on the kernel's command line).";
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_LSM_MAC,
		    .attach_btf_id = static_cast<__u32>(function));
	int error = try_load(nothing, BPF_PROG_TYPE_LSM, &options);
	return error ? std::string("The kernel refuses BPF programs at security hooks: ") + strerror(-error) + "." : "";
}

std::optional<std::string> why_unusable()
{
	int error = try_load(nothing);
	if (error == -EPERM || error == -EACCES) {
		if (geteuid() != 0)
			return "BPF needs root or CAP_BPF and CAP_PERFMON; start ebtop with sudo.";
		return "This kernel refuses BPF programs here (lockdown, a container without CAP_BPF, or a security "
		       "policy); run ebtop on the host, outside of the container.";
	}
	if (error == -ENOSYS || error == -EINVAL)
		return "This kernel is built without BPF tracing; a kernel with CONFIG_BPF_SYSCALL and CONFIG_BPF_EVENTS is "
		       "needed.";
	if (error)
		return std::string("The kernel refuses to load a BPF program: ") + strerror(-error) + ".";
	if (try_load(read_kernel))
		return "This kernel is locked down so that no BPF program may read its memory; lockdown=integrity on its "
		       "command "
		       "line would be enough, instead of confidentiality.";
	if (!is_in_first_pid_namespace())
		return "BPF reports the host's pids, which are other processes here; run ebtop on the host, or in a container "
		       "with --pid=host.";
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return "This kernel has no BTF (/sys/kernel/btf/vmlinux); a kernel with CONFIG_DEBUG_INFO_BTF is needed.";
	Features features;
	if (!features.has_function("bpf_per_cpu_ptr")) // of 5.10, as all that the programs need
		return "This kernel is older than Linux 5.10, which ebtop's BPF programs need.";
#ifdef __aarch64__
	// The old form relies on the order in which x86 stores, and no kernel between was tried.
	if (!features.has_function("bpf_user_ringbuf_drain")) // of 6.1
		return "This kernel is older than Linux 6.1, which ebtop's BPF programs need on arm64.";
#endif
	return std::nullopt;
}

} // namespace ebtop::bpf
