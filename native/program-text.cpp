// SPDX-License-Identifier: GPL-2.0-only
#include "program-text.h"

#include <cstdio>
#include <unistd.h>

#include "clock.h"
#include "text-file.h"

namespace ebtop {

void append_exe(Batch &batch, int proc_dir, const wire_head &head)
{
	constexpr std::string_view deleted = " (deleted)";
	char path[32], link[WIRE_PATH_MAX];

	snprintf(path, sizeof(path), "%u/exe", head.pid);
	ssize_t len = readlinkat(proc_dir, path, link, sizeof(link));
	if (len <= 0)
		return;
	std::string_view text(link, len);
	wire_text record{};
	record.head = head;
	if (text.ends_with(deleted)) {
		text.remove_suffix(deleted.size());
		record.flags = WIRE_TEXT_DELETED;
	}
	record.len = record.total = text.size();
	batch.append(WIRE_EXE, record, text);
}

void append_args(Batch &batch, int proc_dir, const wire_head &head)
{
	static thread_local char buffer[WIRE_ARGS_MAX + 1];
	char path[32];

	snprintf(path, sizeof(path), "%u/cmdline", head.pid);
	append_args(batch, head, read_file(proc_dir, path, buffer));
}

void append_args(Batch &batch, const wire_head &head, std::string_view text)
{
	wire_text record{};
	record.head = head;
	if (text.size() > WIRE_ARGS_MAX) {
		text = text.substr(0, WIRE_ARGS_MAX);
		record.flags = WIRE_TEXT_TRUNCATED;
	}
	record.total = text.size();
	for (size_t at = 0; at < text.size(); at += WIRE_ARGS_CHUNK) {
		std::string_view chunk = text.substr(at, WIRE_ARGS_CHUNK);
		record.offset = at;
		record.len = chunk.size();
		batch.append(WIRE_ARGS, record, chunk);
	}
}

bool has_started_at(int proc_dir, uint32_t pid, uint64_t start)
{
	char path[32], buffer[1024];

	snprintf(path, sizeof(path), "%u/stat", pid);
	std::string_view text = read_once(proc_dir, path, buffer);
	size_t close = text.rfind(')'); // a comm may contain anything
	if (close == text.npos)
		return false;
	Cursor fields(text.substr(close + 1));
	for (int field = 3; field < 22; field++)
		fields.word();
	return fields.number() == start / tick_ns();
}

} // namespace ebtop
