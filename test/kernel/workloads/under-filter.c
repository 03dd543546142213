/* SPDX-License-Identifier: GPL-2.0 */
/* Runs a program that may only make the calls with these numbers; all others fail with EPERM, also those of other
 * architectures. Usage: under-filter NR,NR… CMD [ARG…]. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static struct sock_filter code[1100];
static unsigned short used;

static void add(struct sock_filter one)
{
	if (used == sizeof(code) / sizeof(*code))
		exit(3);
	code[used++] = one;
}

static void load(size_t offset)
{
	add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

/* Continues with the next one if the value is that, else with the one after it. */
static void if_equal(unsigned value)
{
	add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
}

static void verdict(unsigned value)
{
	add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value));
}

int main(int argc, char **argv)
{
	struct sock_fprog program = { .filter = code };

	if (argc < 3)
		return 2;
	load(offsetof(struct seccomp_data, arch));
	add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
	verdict(SECCOMP_RET_ERRNO | EPERM);
	load(offsetof(struct seccomp_data, nr));
	for (char *word = strtok(argv[1], ","); word; word = strtok(NULL, ",")) {
		if_equal(atoi(word));
		verdict(SECCOMP_RET_ALLOW);
	}
	verdict(SECCOMP_RET_ERRNO | EPERM);
	program.len = used;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 4;
	execv(argv[2], argv + 2);
	return 5;
}
