// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/libbpf-log.h"

#include <bpf/libbpf.h>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <utility>

namespace ebtop::bpf {
namespace {

// libbpf has one callback for all threads, and two workers may load at the same time.
thread_local std::string *current = nullptr;

std::mutex debug_mutex;
std::string debug_text;

// The verifier's log can be long.
void keep_for_debug(const char *format, va_list arguments)
{
	char *line = nullptr;

	if (vasprintf(&line, format, arguments) < 0)
		return;
	std::lock_guard lock(debug_mutex);
	debug_text += line;
	free(line);
}

int collect(libbpf_print_level level, const char *format, va_list arguments)
{
	static const bool is_debug = getenv("EBTOP_DEBUG") != nullptr;
	char line[1024];
	va_list again;

	if (level == LIBBPF_DEBUG)
		return 0;
	va_copy(again, arguments);
	vsnprintf(line, sizeof(line), format, arguments);
	if (is_debug)
		keep_for_debug(format, again);
	va_end(again);
	if (current)
		*current += line;
	return 0;
}

} // namespace

LibbpfLog::LibbpfLog()
{
	current = &text_;
}

void LibbpfLog::capture()
{
	libbpf_set_print(collect);
}

std::string LibbpfLog::take_debug_text()
{
	std::lock_guard lock(debug_mutex);
	return std::exchange(debug_text, {});
}

LibbpfLog::~LibbpfLog()
{
	current = nullptr;
}

std::string LibbpfLog::failed_program() const
{
	constexpr std::string_view before = "prog '", after = "': failed to load";
	size_t end = text_.find(after);
	size_t begin = end == text_.npos ? end : text_.rfind(before, end);

	if (begin == text_.npos)
		return {};
	begin += before.size();
	return text_.substr(begin, end - begin);
}

} // namespace ebtop::bpf
