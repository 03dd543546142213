// SPDX-License-Identifier: GPL-2.0-only
#include "process.h"

#include <algorithm>
#include <cstring>
#include <unistd.h>

#include "../clock.h"
#include "../text-file.h"

namespace ebtop::proc {

namespace {

constexpr uint64_t pf_kthread = 0x00200000;

const uint64_t page_bytes = sysconf(_SC_PAGESIZE);

void skip_fields(Cursor &text, int count)
{
	while (count-- > 0)
		text.word();
}

} // namespace

bool parse_stat(std::string_view text, Process &process)
{
	wire_process &record = process.record;
	size_t open = text.find('(');
	size_t close = text.rfind(')'); // a comm may contain anything, even parentheses
	if (open == text.npos || close == text.npos || close < open)
		return false;

	std::string_view comm = text.substr(open + 1, close - open - 1);
	memset(record.comm, 0, sizeof(record.comm));
	memcpy(record.comm, comm.data(), std::min(comm.size(), sizeof(record.comm) - 1));

	Cursor fields(text.substr(close + 1)); // numbered as in proc(5), from 3
	std::string_view state = fields.word();
	if (state.empty())
		return false;
	record.state = state.front();
	record.ppid = fields.number();
	skip_fields(fields, 4);
	record.flags = fields.number() & pf_kthread ? WIRE_PROCESS_KTHREAD : 0; // 9
	skip_fields(fields, 4);
	uint64_t cpu_ticks = fields.number(); // 14
	cpu_ticks += fields.number();
	skip_fields(fields, 4);
	record.threads = fields.number(); // 20
	skip_fields(fields, 1);
	record.head.start = fields.number() * tick_ns(); // 22
	process.vsize = fields.number();
	record.rss_bytes = fields.number() * page_bytes;
	skip_fields(fields, 1);
	process.image = fields.number(); // 26 startcode; 0 if it may not be read
	skip_fields(fields, 1);
	process.image = process.image * 31 + fields.number(); // 28 startstack
	skip_fields(fields, 19);
	process.image = process.image * 31 + fields.number(); // 48 arg_start
	process.has_run = process.is_new || record.cpu_ns != cpu_ticks * tick_ns();
	record.cpu_ns = cpu_ticks * tick_ns();
	return true;
}

void parse_status(std::string_view text, wire_process &record)
{
	size_t at = text.find("\nNStgid:");
	if (at != text.npos) { // the innermost namespace comes last
		Cursor numbers(text.substr(at + 8));
		for (uint32_t pid; (pid = numbers.number()) != 0;)
			record.ns_tgid = pid;
	}
	for (auto [label, id] : {std::pair{"\nUid:", &record.uid}, {"\nGid:", &record.gid}}) {
		if ((at = text.find(label)) == text.npos)
			continue;
		Cursor numbers(text.substr(at + 5));
		numbers.number();
		*id = numbers.number(); // real, effective, …
	}
	if ((at = text.find("\nUid:")) != text.npos)
		record.holder = Cursor(text.substr(at + 5)).number(); // real
	record.seccomp = number_after(text, "\nSeccomp:");
	record.seccomp_filters = number_after(text, "\nSeccomp_filters:");
}

} // namespace ebtop::proc
