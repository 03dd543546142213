// SPDX-License-Identifier: GPL-2.0-only
#include "needs.h"

#include <cerrno>
#include <sys/syscall.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <linux/bpf.h>

#include "../command/signals.h"

namespace ebtop {

namespace {

constexpr Need needs[] = {
	{CAP_SYS_PTRACE, "programs and open files of other users",
	 "The executables of other users' processes are not seen, nor, from /proc, their open files and bytes."},
	{CAP_DAC_READ_SEARCH, "names of containers, and from /proc open files of other users",
	 "Without root, names of docker's and containerd's containers are not seen; nor, from /proc, open files of other "
	 "users."},
	{CAP_IPC_OWNER, "System V queues and semaphores of other users",
	 "Users of System V queues and semaphores that others may not read are unknown until they are seen using them."},
	{CAP_SYS_ADMIN, "connections in other network namespaces",
	 "Connections of other network namespaces are seen when their state changes, and from /proc not at all."},
	{CAP_CHECKPOINT_RESTORE, "C libraries that appear later, for look-ups of host names",
	 "Look-ups of host names are only seen in C libraries that were in use when ebtop started."},
	{CAP_KILL, "signals to the command that is followed", "Signals to ebtop do not reach a command of another user."},
	{CAP_BPF, "BPF iterators, before Linux 5.19", "BPF cannot be used."},
};

bool asks_for_bpf()
{
	bpf_attr attributes{};

	attributes.iter_create.link_fd = ~0u; // not a descriptor: EBADF if the kernel gets as far as looking it up
	return syscall(SYS_bpf, BPF_ITER_CREATE, &attributes, sizeof(attributes)) < 0 && errno == EPERM;
}

// Before Linux 5.19 bpf(2) as a whole is refused without CAP_BPF if kernel.unprivileged_bpf_disabled is set. Tested in a
// thread that drops its own capability.
bool do_iterators_need_bpf()
{
	bool is_needed = true;

	try {
		std::thread([&] {
			if (give_away_own(capability(CAP_BPF) | capability(CAP_SYS_ADMIN)))
				is_needed = asks_for_bpf();
		}).join();
	} catch (const std::system_error &) { // no thread to test in
	}
	return is_needed;
}

} // namespace

std::span<const Need> all_needs()
{
	return needs;
}

Needs needs_of(const SourceOptions &options, bool is_root)
{
	Needs found;

	found.everywhere = capability(CAP_SYS_PTRACE);
	if (options.is_proc || !is_root)
		found.everywhere |= capability(CAP_DAC_READ_SEARCH);
	if (options.concerns & CONCERN_IPC)
		found.everywhere |= capability(CAP_IPC_OWNER);
	if (!options.is_proc && do_iterators_need_bpf())
		found.everywhere |= capability(CAP_BPF);
	if (options.events & call_event(WIRE_EVENT_LOOKUP))
		found.everywhere |= capability(CAP_CHECKPOINT_RESTORE);
	if (command_pid())
		found.everywhere |= capability(CAP_KILL);
	if (options.concerns & (CONCERN_TCP | CONCERN_IPC))
		found.visitor = capability(CAP_SYS_ADMIN);
	return found;
}

} // namespace ebtop
