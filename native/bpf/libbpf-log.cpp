// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/libbpf-log.h"

#include <bpf/libbpf.h>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace ebtop::bpf {
namespace {

// libbpf has one callback for all threads, and two workers may load at once.
thread_local std::string *current = nullptr;

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
		vfprintf(stderr, format, again);
	va_end(again);
	if (current)
		*current += line;
	return 0;
}

} // namespace

LibbpfLog::LibbpfLog()
{
	libbpf_set_print(collect);
	current = &text_;
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
