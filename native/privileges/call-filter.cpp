// SPDX-License-Identifier: GPL-2.0-only
#include "call-filter.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

namespace ebtop {

namespace {

#if defined(__x86_64__)
constexpr uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
#error "which system calls this machine has is not known"
#endif

// Refused with any arguments. Calls that some machines or headers lack are behind #ifdef.
constexpr uint32_t refused[] = {
	// other programs
	SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_tkill, SYS_rt_sigqueueinfo,
	SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal, SYS_pidfd_getfd, SYS_process_madvise,
#ifdef SYS_fork
	SYS_fork, SYS_vfork,
#endif
	// another user
	SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setfsuid, SYS_setfsgid,
	SYS_setgroups,
	// other file systems, files by handle, devices
	SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_move_mount, SYS_open_tree, SYS_fsopen, SYS_fsconfig,
	SYS_fsmount, SYS_fspick, SYS_unshare, SYS_open_by_handle_at, SYS_mknodat, SYS_swapon, SYS_swapoff, SYS_quotactl,
#ifdef SYS_mknod
	SYS_mknod,
#endif
#ifdef SYS_mount_setattr
	SYS_mount_setattr,
#endif
#ifdef SYS_quotactl_fd
	SYS_quotactl_fd,
#endif
	// the kernel and the machine
	SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_acct, SYS_sethostname,
	SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex, SYS_syslog,
#ifdef SYS_kexec_file_load
	SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
	SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
	// ways around the filter, and common starting points of kernel exploits
	SYS_keyctl, SYS_add_key, SYS_request_key, SYS_perf_event_open, SYS_userfaultfd, SYS_fanotify_init, SYS_personality,
	SYS_vhangup,
	SYS_io_uring_setup, // not io_uring_enter: libuv has a ring already, and aborts if it may not use it
};

// bpf(2) commands that are allowed, since they load nothing: on our own maps, iterators of attached programs, links of
// loaded ones.
constexpr uint32_t bpf_commands[] = {
	BPF_MAP_LOOKUP_ELEM, BPF_MAP_UPDATE_ELEM, BPF_MAP_DELETE_ELEM, BPF_MAP_GET_NEXT_KEY, BPF_MAP_LOOKUP_AND_DELETE_ELEM,
	BPF_MAP_LOOKUP_BATCH, BPF_MAP_UPDATE_BATCH, BPF_MAP_DELETE_BATCH, BPF_OBJ_GET_INFO_BY_FD, BPF_ITER_CREATE,
	// For our programs that were loaded for standby concerns.
	BPF_LINK_CREATE,
	BPF_RAW_TRACEPOINT_OPEN, // the same on older kernels
};

// Name services use the first three.
constexpr uint32_t socket_families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

constexpr uint32_t other_namespaces =
	CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP;

constexpr uint32_t allow = SECCOMP_RET_ALLOW;
constexpr uint32_t refuse = SECCOMP_RET_ERRNO | EPERM;
constexpr uint32_t unknown = SECCOMP_RET_ERRNO | ENOSYS;

// A filter jumps forward only, by at most 255 instructions, so each rule is a block of its own that ends in a verdict or
// falls through to the next.
class FilterProgram {
public:
	FilterProgram()
	{
		load(offsetof(seccomp_data, arch));
		add(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0);
		give(refuse); // calls of 32-bit programs have other numbers
		load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
		add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
		give(refuse); // and so have those of the x32 ABI
#endif
	}

	void refuse_call(uint32_t call, uint32_t verdict = refuse)
	{
		add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
		give(verdict);
	}

	// The call passes if its argument (the lower half) is one of `values`.
	template <size_t N> void allow_values(uint32_t call, int argument, const uint32_t (&values)[N])
	{
		uint8_t left = N;

		add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, N + 3);
		load_argument(argument);
		for (uint32_t value : values)
			add(BPF_JMP | BPF_JEQ | BPF_K, value, left--, 0);
		give(refuse);
		give(allow);
	}

	// The call passes if its argument has all bits of `all_of` and none of `none_of`.
	void allow_bits(uint32_t call, int argument, uint32_t none_of, uint32_t all_of)
	{
		add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 6);
		load_argument(argument);
		add(BPF_JMP | BPF_JSET | BPF_K, none_of, 2, 0);
		add(BPF_ALU | BPF_AND | BPF_K, all_of, 0, 0);
		add(BPF_JMP | BPF_JEQ | BPF_K, all_of, 1, 0);
		give(refuse);
		give(allow);
	}

	// The call is refused if its argument is `value`.
	void refuse_value(uint32_t call, int argument, uint32_t value)
	{
		add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
		load_argument(argument);
		add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
		give(refuse);
		load(offsetof(seccomp_data, nr));
	}

	std::vector<sock_filter> take()
	{
		give(allow);
		return std::move(code_);
	}

private:
	void add(uint16_t code, uint32_t value, uint8_t if_true, uint8_t if_false)
	{
		code_.push_back({code, if_true, if_false, value});
	}
	void load(uint32_t offset)
	{
		add(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
	}
	void load_argument(int number)
	{
		load(offsetof(seccomp_data, args) + 8 * number);
	} // little-endian: the lower half
	void give(uint32_t verdict)
	{
		add(BPF_RET | BPF_K, verdict, 0, 0);
	}

	std::vector<sock_filter> code_;
};

std::vector<sock_filter> make_program(uint32_t command)
{
	FilterProgram program;

	for (uint32_t call : refused)
		program.refuse_call(call);
	program.refuse_call(SYS_clone3, unknown); // its flags are in memory; glibc falls back to clone()
	program.allow_bits(SYS_clone, 0, other_namespaces, CLONE_VM | CLONE_THREAD);
	program.allow_values(SYS_setns, 1, {uint32_t(CLONE_NEWNET)});
	program.allow_values(SYS_bpf, 0, bpf_commands);
	program.allow_values(SYS_socket, 0, socket_families);
	uint32_t self = getpid();
	program.allow_values(SYS_kill, 0, {self, command ? command : self});
	program.allow_values(SYS_tgkill, 0, {uint32_t(getpid())});
	program.refuse_value(SYS_ioctl, 1, TIOCSTI); // types into the terminal, for the next program that reads it
	program.refuse_value(SYS_ioctl, 1, TIOCLINUX);
	return program.take();
}

bool is_on = false;

} // namespace

std::string install_call_filter(uint32_t command)
{
	if (is_on)
		return {};
	std::vector<sock_filter> code = make_program(command);
	sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return std::string("no_new_privs cannot be set: ") + strerror(errno) + ".";
	long answer = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
	if (answer > 0)
		return "Thread " + std::to_string(answer) +
		       " has a system call filter of its own, so ebtop's is not installed.";
	if (answer < 0)
		return std::string("System calls cannot be filtered: ") + strerror(errno) + ".";
	is_on = true;
	return {};
}

size_t refused_calls()
{
	return std::size(refused);
}

bool is_call_filter_on()
{
	return is_on;
}

} // namespace ebtop
