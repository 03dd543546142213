// SPDX-License-Identifier: GPL-2.0-only
// Text of /proc: stat, status, syscall, maps, and the functions that read it. Any user can choose the names in it.
#include <cassert>
#include <cstring>
#include <vector>

#include "proc/call-samples.h"
#include "proc/map-scan.h"
#include "proc/object-kind.h"
#include "proc/process.h"
#include "targets.h"
#include "text-file.h"

using namespace ebtop;
using namespace ebtop::proc;

namespace {

void check_stat(std::string_view text)
{
	Process process;

	if (parse_stat(text, process))
		assert(memchr(process.record.comm, 0, sizeof(process.record.comm)));
	parse_status(text, process.record);
}

void check_maps(std::string_view text)
{
	std::vector<Descriptor> found;

	while (!text.empty())
		parse_map_line(take_line(text), 1, found);
	for (const Descriptor &one : found) {
		assert(one.object.kind != WIRE_KIND_OTHER && one.object.how == WIRE_HOW_MAPPED);
		for (const Descriptor &other : found)
			assert(&one == &other || one.object.ino != other.object.ino || one.object.dev != other.object.dev ||
			       one.object.kind != other.object.kind);
	}
}

// The cursor always moves forward, and not beyond the end.
void check_cursor(std::string_view text)
{
	Cursor cursor(text);

	for (char order : text) {
		switch (order & 3) {
		case 0:
			cursor.number(order & 4 ? 16 : 10);
			break;
		case 1:
			cursor.signed_number();
			break;
		case 2:
			assert(cursor.word().find_first_of(" \t\n") == std::string_view::npos);
			break;
		default:
			cursor.skip("\n");
		}
	}
	assert(cursor.rest_of_line().size() <= text.size());
}

void check_lines(std::string_view text)
{
	std::string_view rest = text;
	size_t lines = 0, bytes = 0;

	for (; !rest.empty(); lines++)
		bytes += take_line(rest).size();
	assert(bytes + lines == text.size() + (!text.empty() && text.back() != '\n'));
	number_after(text, "flags:", 8);
	std::string_view path = text;
	assert(take_deleted(path) == (path.size() < text.size()));
	shm_kind(path);
}

} // namespace

void fuzz_proc_text(const uint8_t *data, size_t size)
{
	static void (*const checks[])(std::string_view) = {
		check_stat,
		check_maps,
		check_cursor,
		check_lines,
		[](std::string_view text) { parse_call(text); },
	};

	if (size > 0)
		checks[data[0] % std::size(checks)]({reinterpret_cast<const char *>(data) + 1, size - 1});
}
