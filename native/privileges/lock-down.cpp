// SPDX-License-Identifier: GPL-2.0-only
#include "lock-down.h"

#include <cstdio>
#include <unistd.h>

#include "../command/signals.h"
#include "../net-visitor.h"
#include "../text-file.h"
#include "call-filter.h"
#include "needs.h"
#include "own-threads.h"
#include "priority.h"

namespace ebtop {

namespace {

std::string lock_down(const Needs &needs, int visitor)
{
	std::string capabilities = drop_capabilities(needs.everywhere, visitor, needs.visitor);
	std::string calls = install_call_filter(command_pid());

	return capabilities + (capabilities.empty() || calls.empty() ? "" : " ") + calls;
}

} // namespace

std::string lock_down(const Source *source)
{
	if (!source)
		return lock_down(Needs{.everywhere = capability(CAP_DAC_READ_SEARCH)}, 0);
	raise_priority();
	return lock_down(needs_of(source->options(), geteuid() == 0), source->visitor());
}

Privileges current_privileges()
{
	OwnedFd tasks = open_own_tasks();
	Privileges now;

	now.everywhere = ~CapabilitySet(0);
	for (uint32_t tid : own_threads(tasks)) {
		char path[32], buffer[4096];
		snprintf(path, sizeof(path), "%u/status", tid);
		std::string_view text = read_once(tasks.get(), path, buffer);
		if (text.empty())
			continue; // it has ended
		CapabilitySet permitted = number_after(text, "\nCapPrm:", 16);
		now.everywhere &= permitted;
		now.somewhere |= permitted;
		now.bounding |= number_after(text, "\nCapBnd:", 16);
		now.has_no_new_privileges &= number_after(text, "\nNoNewPrivs:") == 1;
		now.has_call_filter &= number_after(text, "\nSeccomp:") == 2;
		now.threads++;
	}
	return now;
}

Trial try_lock_down(bool is_proc)
{
	SourceOptions options;
	NetVisitor visitor;
	Trial trial;

	options.is_proc = is_proc;
	trial.before = own_capabilities();
	trial.problem = lock_down(needs_of(options, geteuid() == 0), visitor.tid());
	trial.after = current_privileges();
	return trial;
}

} // namespace ebtop
