// SPDX-License-Identifier: GPL-2.0
// Calls that seccomp filters refuse, with known counts.
#include "role.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

#define TIMES(count) for (int i = 0; i < (count); i++)

/* Everything is allowed except the call, which gets the verdict. */
static void filter(int nr, unsigned verdict)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, verdict),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

static void ignore(int signal)
{
	(void)signal;
}

/* Refused with an errno, without one, by a signal; the kernel's own refusals (setpgid) do not count. */
static void refused(void)
{
	if (start("eb-refused") == 0) {
		ready();
		signal(SIGSYS, ignore);
		filter(SYS_swapon, SECCOMP_RET_ERRNO | EPERM);
		filter(SYS_sethostname, SECCOMP_RET_ERRNO);
		filter(SYS_acct, SECCOMP_RET_TRAP);
		TIMES(17)
			if (syscall(SYS_swapon, "eb-none", 0) >= 0)
				fail("swapon");
		TIMES(11) CHECK(syscall(SYS_sethostname, "", 0));
		TIMES(7) syscall(SYS_acct, NULL);
		TIMES(5) syscall(SYS_setpgid, 1, 1);
		if (start("eb-child") == 0) {
			TIMES(13) syscall(SYS_swapon, "eb-none", 0);
			done();
		}
		done();
	}
	started();
}

/* More than one thread can report in a second, and one after that second. */
static void flood(void)
{
	struct timespec more_than_a_second = { .tv_sec = 1, .tv_nsec = 100000000 };

	if (start("eb-flood") == 0) {
		ready();
		filter(SYS_swapon, SECCOMP_RET_ERRNO | EPERM);
		TIMES(1709) syscall(SYS_swapon, "eb-none", 0);
		CHECK(nanosleep(&more_than_a_second, NULL));
		syscall(SYS_swapon, "eb-none", 0);
		done();
	}
	started();
}

int main(int argc, char **argv)
{
	const struct workload workloads[] = { { "refused", refused }, { "flood", flood }, {} };

	return run_workload(argc, argv, workloads);
}
