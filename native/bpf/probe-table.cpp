// SPDX-License-Identifier: GPL-2.0-only
#include "probe-table.h"

namespace ebtop::bpf {
namespace {

std::string always(const Features &, const SourceOptions &)
{
	return {};
}

const ProbeRow rows[] = {
	{"fork", "tp_btf", "ebtop_fork", PROBE_FORK, CONCERN_ALL, false, always},
	{"exit", "tp_btf", "ebtop_exit", PROBE_EXIT, CONCERN_ALL, false, always},
	{"syscall", "tp_btf", "ebtop_sys_exit", PROBE_SYSCALL, CONCERN_ALL, false, always},
};

} // namespace

std::span<const ProbeRow> probe_table()
{
	return rows;
}

} // namespace ebtop::bpf
