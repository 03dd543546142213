// SPDX-License-Identifier: GPL-2.0-only
#include "futex-wait.h"

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/futex.h>

namespace ebtop {

namespace {

constexpr uint32_t i386_futex = 240;
constexpr uint32_t lock_pi2 = 13; // FUTEX_LOCK_PI2, since 5.14

// glibc's pthread_mutex_t begins with its lock, a count and its owner; 2: locked, and a thread waits (nptl/lowlevellock.h).
constexpr uint32_t glibc_contended = 2;
constexpr int glibc_owner = 2; // in words

bool is_lock_with_owner(uint32_t command)
{
	return command == FUTEX_LOCK_PI || command == lock_pi2;
}

} // namespace

bool FutexReader::read_words(const wire_thread &thread, uint32_t (&words)[3])
{
	char path[32];

	if (thread.head.pid != pid_ || !memory_.is_open()) {
		snprintf(path, sizeof(path), "%u/mem", thread.head.pid);
		memory_ = OwnedFd(openat(proc_dir_, path, O_RDONLY | O_CLOEXEC));
		pid_ = thread.head.pid;
	}
	memset(words, 0, sizeof(words));
	// The word itself must be readable; the two after it may be on a page that is not.
	return memory_.is_open() &&
	       pread(memory_.get(), words, sizeof(words), off_t(thread.argument)) >= ssize_t(sizeof(words[0]));
}

// Nothing says which of the words that a program sleeps on are locks. These are recognized: PI locks; locks of musl and
// robust ones (the owner's tid and a bit for waiters); locks of glibc, by the value that only these wait for. A thread that
// joins another one sleeps until that one's tid, which is the whole word, is cleared.
FutexWait FutexReader::read(const wire_thread &thread)
{
	uint32_t command = thread.second_argument & FUTEX_CMD_MASK, expected = uint32_t(thread.third_argument), words[3];
	bool is_wait = command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
	FutexWait found;

	if (thread.nr != (thread.abi == WIRE_ABI_COMPAT ? i386_futex : uint32_t(SYS_futex)))
		return found;
	if (!is_lock_with_owner(command) && (!is_wait || expected == 0 || expected == 1))
		return found;
	if (!read_words(thread, words))
		return found;
	found.is_shared = !(thread.second_argument & FUTEX_PRIVATE_FLAG);
	if (is_lock_with_owner(command) || expected & FUTEX_WAITERS) {
		found.wait = WIRE_WAIT_HOLDER;
		found.value = words[0] & FUTEX_TID_MASK;
	} else if (words[0] != expected) { // it has changed already: the thread is about to continue
		return found;
	} else if (expected == glibc_contended) {
		found.wait = WIRE_WAIT_HOLDER;
		found.value = words[glibc_owner];
	} else {
		found.wait = WIRE_WAIT_END;
		found.value = expected;
	}
	return found;
}

} // namespace ebtop
