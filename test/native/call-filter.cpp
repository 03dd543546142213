// SPDX-License-Identifier: GPL-2.0-only
// Installs ebtop's call filter and tries calls: a line "NAME ERRNO" for each, 0 if it passed.
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "../../native/privileges/call-filter.h"

static void *nothing(void *unused) { return unused; }

#define TRY(name, call)                                                                                              \
	do {                                                                                                         \
		errno = 0;                                                                                           \
		long result = (long)(call);                                                                          \
		printf("%s %d\n", name, result < 0 ? errno : 0);                                                     \
	} while (0)

static int in_thread()
{
	pthread_t thread;
	int error = pthread_create(&thread, nullptr, nothing, nullptr);

	if (error == 0)
		pthread_join(thread, nullptr);
	errno = error;
	return error ? -1 : 0;
}

// Runs in a thread that exists before the filter is installed: existing threads must get it too.
static void *wait_and_exec(void *go)
{
	char byte;
	char *words[] = {const_cast<char *>("/bin/true"), nullptr};

	if (read(*static_cast<int *>(go), &byte, 1) == 1)
		TRY("execve in an older thread", execve("/bin/true", words, nullptr));
	return nullptr;
}

int main()
{
	char *words[] = {const_cast<char *>("/bin/true"), nullptr};
	bpf_attr attributes{};
	char byte = 'x';
	int go[2];
	pthread_t older;

	if (pipe(go) || pthread_create(&older, nullptr, wait_and_exec, &go[0]))
		return 1;
	std::string problem = ebtop::install_call_filter(0);
	if (!problem.empty()) {
		printf("%s\n", problem.c_str());
		return 1;
	}
	TRY("execve", execve("/bin/true", words, nullptr));
	TRY("execveat", syscall(SYS_execveat, AT_FDCWD, "/bin/true", words, nullptr, 0));
	TRY("fork", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	TRY("clone3", syscall(SYS_clone3, nullptr, 0));
	TRY("user namespace", syscall(SYS_clone, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND | CLONE_NEWUSER, 0, 0, 0, 0));
	TRY("unshare", unshare(CLONE_NEWUSER));
	TRY("setns to a mount namespace", setns(-1, CLONE_NEWNS));
	TRY("setns to a network namespace", setns(-1, CLONE_NEWNET));
	TRY("ptrace", syscall(SYS_ptrace, 0, 0, 0, 0));
	TRY("process_vm_writev", syscall(SYS_process_vm_writev, getpid(), nullptr, 0, nullptr, 0, 0));
	TRY("init_module", syscall(SYS_init_module, nullptr, 0, ""));
	TRY("kexec_load", syscall(SYS_kexec_load, 0, 0, nullptr, 0));
	TRY("mount", syscall(SYS_mount, "none", "/nowhere", "tmpfs", 0, nullptr));
	TRY("setuid", syscall(SYS_setuid, getuid()));
	TRY("keyctl", syscall(SYS_keyctl, 0, 0, 0, 0, 0));
	TRY("reboot", syscall(SYS_reboot, 0, 0, 0, nullptr));
	TRY("open_by_handle_at", syscall(SYS_open_by_handle_at, -1, nullptr, 0));
	TRY("perf_event_open", syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0));
	TRY("io_uring_setup", syscall(SYS_io_uring_setup, 0, nullptr));
	TRY("a BPF program", syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes)));
	TRY("a BPF iterator", syscall(SYS_bpf, BPF_ITER_CREATE, &attributes, 0));
	TRY("a packet socket", socket(AF_PACKET, SOCK_RAW, 0));
	TRY("a netlink socket", socket(AF_NETLINK, SOCK_RAW, 0));
	TRY("a signal to another process", kill(getppid(), 0));
	TRY("a signal to a group", kill(0, 0));
	TRY("a signal to itself", kill(getpid(), 0));
	TRY("a character into the terminal", ioctl(-1, TIOCSTI, &byte));
	TRY("the size of a terminal", ioctl(-1, TIOCGWINSZ, &byte));
	TRY("a file", open("/dev/null", O_RDONLY));
	TRY("a thread", in_thread());
#if defined(__x86_64__)
	TRY("a call of the x32 ABI", syscall(0x40000000 | SYS_getpid));
#endif
	fflush(stdout);
	if (write(go[1], &byte, 1) != 1)
		return 1;
	pthread_join(older, nullptr);
}
