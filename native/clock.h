// SPDX-License-Identifier: GPL-2.0-only
// The clocks of the wire format, in nanoseconds, and the tick of the times in /proc.
#pragma once

#include <cstdint>
#include <ctime>
#include <unistd.h>

namespace ebtop {

// In nanoseconds.
inline constexpr uint64_t ms = 1'000'000, second = 1000 * ms;

inline uint64_t clock_ns(clockid_t clock)
{
	timespec now{};

	clock_gettime(clock, &now);
	return uint64_t(now.tv_sec) * second + now.tv_nsec;
}

// Start times and CPU times in /proc are multiples of it.
inline uint64_t tick_ns()
{
	static const uint64_t length = second / sysconf(_SC_CLK_TCK);

	return length;
}

inline uint64_t boot_ns()
{
	return clock_ns(CLOCK_BOOTTIME);
}
// CPU time of this thread. A budget in CPU time is the same amount of work on a busy machine.
inline uint64_t work_ns()
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}
// For how long the machine was suspended since it started: only then CLOCK_MONOTONIC stands still. Both are read again if the
// thread had to wait in between.
inline uint64_t asleep_ns()
{
	const int most_tries = 10;

	for (int tries = 1;; tries++) {
		uint64_t before = clock_ns(CLOCK_MONOTONIC);
		uint64_t boot = boot_ns();

		if (clock_ns(CLOCK_MONOTONIC) - before < ms || tries == most_tries)
			return boot > before ? boot - before : 0;
	}
}
inline uint64_t wall_ns()
{
	return clock_ns(CLOCK_REALTIME);
}

} // namespace ebtop
