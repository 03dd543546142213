// SPDX-License-Identifier: GPL-2.0-only
// What libFuzzer calls. EB_TARGET in the environment says which target it is.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "targets.h"

namespace {

constexpr struct {
	const char *name;
	void (*check)(const uint8_t *data, size_t size);
} targets[] = {
	{"sock-diag", fuzz_sock_diag},
	{"proc-events", fuzz_proc_events},
	{"proc-text", fuzz_proc_text},
	{"records", fuzz_records},
};

void (*check)(const uint8_t *data, size_t size);

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
	const char *wanted = getenv("EB_TARGET");

	for (const auto &target : targets)
		if (wanted && std::string_view(wanted) == target.name)
			check = target.check;
	if (check)
		return 0;
	fputs("EB_TARGET names no target.\n", stderr);
	exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check(data, size);
	return 0;
}
