// SPDX-License-Identifier: GPL-2.0-only
// Records of the ring, records that the addon makes from command lines, and the matching of globs.
#include <cassert>
#include <cstring>
#include <string>

#include "batch.h"
#include "comm-glob.h"
#include "program-text.h"
#include "targets.h"

using namespace ebtop;

namespace {

// A batch is a sequence of whole records.
template <class Each> void walk(const Batch &batch, Each each)
{
	size_t at = 0;

	while (at < batch.size()) {
		wire_head head;
		assert(batch.size() - at >= sizeof(head));
		memcpy(&head, batch.data() + at, sizeof(head));
		assert(head.size >= sizeof(head) && head.size % 8 == 0 && head.size <= batch.size() - at);
		each(head, batch.data() + at);
		at += head.size;
	}
}

void check_raw(std::string_view bytes)
{
	Batch batch;
	std::string all;

	while (!bytes.empty()) {
		size_t size = std::min<size_t>(bytes.front() * size_t(4), bytes.size() - 1);
		std::string record(bytes.substr(1, size)); // of exactly its size
		if (batch.append_raw(record.data(), record.size()))
			all += record;
		bytes.remove_prefix(size + 1);
	}
	assert(batch.size() <= all.size());
	walk(batch, [](const wire_head &, const uint8_t *) {});
}

void check_args(std::string_view text)
{
	Batch batch;
	std::string joined;

	append_args(batch, {}, text);
	walk(batch, [&](const wire_head &head, const uint8_t *at) {
		wire_text record;
		assert(head.type == WIRE_ARGS);
		memcpy(&record, at, sizeof(record));
		assert(record.offset == joined.size() && sizeof(record) + record.len <= head.size);
		joined.append(reinterpret_cast<const char *>(at) + sizeof(record), record.len);
	});
	assert(joined == text.substr(0, WIRE_ARGS_MAX));
}

// The simplest implementation of a glob, to compare with.
bool matches(std::string_view pattern, std::string_view comm)
{
	if (pattern.empty())
		return comm.empty();
	if (pattern[0] == '*')
		return matches(pattern.substr(1), comm) || (!comm.empty() && matches(pattern, comm.substr(1)));
	return !comm.empty() && (pattern[0] == '?' || pattern[0] == comm[0]) && matches(pattern.substr(1), comm.substr(1));
}

void check_glob(std::string_view text)
{
	std::string_view pattern = text.substr(0, text.find('/')).substr(0, 8);
	std::string_view comm = text.substr(std::min(pattern.size() + 1, text.size())).substr(0, WIRE_COMM_LEN - 1);

	assert(CommGlob(pattern).matches(comm) == matches(pattern, comm));
}

} // namespace

void fuzz_records(const uint8_t *data, size_t size)
{
	static void (*const checks[])(std::string_view) = {check_raw, check_args, check_glob};

	if (size > 0)
		checks[data[0] % std::size(checks)]({reinterpret_cast<const char *>(data) + 1, size - 1});
}
