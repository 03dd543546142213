// SPDX-License-Identifier: GPL-2.0-only
#include "process-event.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <unistd.h>

#include "../../bpf/wire/wire.h"
#include "../text-file.h"
#include "process.h"

namespace ebtop::proc {

std::optional<ProcessEvent> parse_event(const void *message, size_t size)
{
	constexpr size_t at_event = sizeof(cn_msg);
	proc_event raw{};
	ProcessEvent event;

	if (size < at_event + offsetof(proc_event, event_data))
		return std::nullopt;
	memcpy(&raw, static_cast<const char *>(message) + at_event, std::min(sizeof(raw), size - at_event));
	const auto &data = raw.event_data;
	if (uint32_t(raw.what) == proc_event::PROC_EVENT_FORK && data.fork.child_pid == data.fork.child_tgid) {
		event.pid = data.fork.child_tgid;
		event.parent = data.fork.parent_tgid;
	} else if (uint32_t(raw.what) == proc_event::PROC_EVENT_EXEC) {
		event.type = ProcessEvent::Type::exec;
		event.pid = data.exec.process_tgid;
	} else if (uint32_t(raw.what) == proc_event::PROC_EVENT_EXIT && data.exit.process_pid == data.exit.process_tgid) {
		event.type = ProcessEvent::Type::exit;
		event.pid = data.exit.process_tgid;
		event.exit_code = data.exit.exit_code;
	} else {
		return std::nullopt;
	}
	event.time = raw.timestamp_ns;
	return event;
}

static void read_program(int proc_dir, bool wants_args, ProcessEvent &event)
{
	char path[32], buffer[WIRE_PATH_MAX];

	snprintf(path, sizeof(path), "%u/exe", event.pid);
	ssize_t len = readlinkat(proc_dir, path, buffer, sizeof(buffer));
	event.exe.assign(buffer, std::max<ssize_t>(len, 0));
	snprintf(path, sizeof(path), "%u/cmdline", event.pid);
	if (wants_args)
		event.args = read_whole(proc_dir, path, WIRE_ARGS_MAX + 1);
	snprintf(path, sizeof(path), "%u/cgroup", event.pid);
	event.cgroup = read_file(proc_dir, path, buffer);
}

void read_process(int proc_dir, ProgramParts wanted, ProcessEvent &event)
{
	char path[32], buffer[WIRE_PATH_MAX];

	// exe is gone when the process ends, stat only when its parent reaps it: so stat is read last.
	if (event.type == ProcessEvent::Type::exec && wanted != ProgramParts::none)
		read_program(proc_dir, wanted == ProgramParts::all, event);
	snprintf(path, sizeof(path), "%u/stat", event.pid);
	event.stat = read_once(proc_dir, path, buffer);
	Process read;
	if (parse_stat(event.stat, read) && read.record.head.start > event.time) { // the pid has another owner now
		event.stat.clear();
		event.exe.clear();
		event.args.clear();
		event.cgroup.clear();
	}
}

} // namespace ebtop::proc
