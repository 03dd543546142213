// SPDX-License-Identifier: GPL-2.0-only
#include "features.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <cerrno>
#include <cstring>
#include <string>
#include <unistd.h>

#include "own-namespace.h"

namespace ebtop::bpf {

Features::Features()
{
	vmlinux = btf__load_vmlinux_btf();
	if (libbpf_get_error(vmlinux))
		vmlinux = nullptr;
	has_rdonly_cast = has_function("bpf_rdonly_cast");
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

// Its prototype; the first parameter is the tracepoint's private pointer.
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

// Loads a two-instruction tracing program: the smallest thing that needs all privileges.
int try_load()
{
	struct bpf_insn insns[] = {
		{.code = 0xb7, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
		{.code = 0x95, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "ebtop_try", "GPL", insns, 2, nullptr);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

} // namespace

std::optional<std::string> why_unusable()
{
	int error = try_load();
	if (error == -EPERM || error == -EACCES) {
		if (geteuid() != 0)
			return "BPF needs root or CAP_BPF and CAP_PERFMON; start ebtop with sudo.";
		return "This kernel refuses BPF programs here (lockdown, a container without CAP_BPF, or a security "
		       "policy); run ebtop on the host, outside of the container.";
	}
	if (error == -ENOSYS || error == -EINVAL)
		return "This kernel is built without BPF tracing; a kernel with CONFIG_BPF_SYSCALL and CONFIG_BPF_EVENTS is needed.";
	if (error)
		return std::string("The kernel refuses to load a BPF program: ") + strerror(-error) + ".";
	if (!is_in_first_pid_namespace())
		return "BPF counts in the host's pids, which mean other processes here; run ebtop on the host, or in a container "
		       "with --pid=host.";
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return "This kernel has no BTF (/sys/kernel/btf/vmlinux); a kernel with CONFIG_DEBUG_INFO_BTF is needed.";
	Features features;
	if (!features.has_function("bpf_loop"))
		return "This kernel is older than Linux 5.17, which ebtop's BPF programs need.";
	return std::nullopt;
}

} // namespace ebtop::bpf
