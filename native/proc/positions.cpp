// SPDX-License-Identifier: GPL-2.0-only
#include "positions.h"

#include <algorithm>

#include "../clock.h"
#include "../shortage.h"
#include "fd-info.h"

namespace ebtop::proc {

namespace {

// For a process that opens file after file: the oldest are dropped, with their counts.
constexpr size_t max_files = 2048;

uint64_t take(uint64_t &from, uint64_t wanted)
{
	uint64_t taken = std::min(from, wanted);

	from -= taken;
	return taken;
}

void append_position(Batch &batch, const Process &process, const Descriptor &descriptor, uint64_t moved)
{
	wire_position record{};

	record.head = process.record.head;
	record.head.time = boot_ns();
	record.ino = descriptor.object.ino;
	record.dev = descriptor.object.dev;
	record.gen = descriptor.object.gen;
	record.position = descriptor.position;
	record.moved = moved;
	batch.append(WIRE_POSITION, record);
}

} // namespace

FileCount &Positions::count_of(std::vector<FileCount> &files, const wire_object &object)
{
	auto known = std::find_if(files.begin(), files.end(), [&](const FileCount &count) {
		return count.ino == object.ino && count.dev == object.dev && count.gen == object.gen;
	});

	if (known != files.end())
		return *known;
	if (files.size() >= max_files)
		files.erase(files.begin());
	FileCount count;
	count.slot = next_slot_++;
	count.dev = object.dev;
	count.ino = object.ino;
	count.gen = object.gen;
	return files.emplace_back(count);
}

void Positions::begin(int dir, const Process &process, Descriptor &descriptor, bool opened_now)
{
	std::optional<FdInfo> info = read_fd_info(dir, descriptor.number);

	if (info)
		descriptor.object.flags = info->flags;
	if (!descriptor.has_position)
		return;
	FileCount &count = count_of(states_[process].files, descriptor.object);
	descriptor.object.slot = count.slot;
	if (opened_now) {
		count.opens++;
		count.has_changed = true;
	} else if (info) {
		descriptor.position = info->position;
	} else {
		descriptor.has_position = descriptor.is_position_unknown = is_shortage(errno);
	}
}

void Positions::sample(Batch &batch, int dir, const Process &process, std::vector<Descriptor> &descriptors)
{
	State &state = states_[process];
	bool has_io = false;
	IoNumbers left; // what the process read and wrote, minus what files account for

	for (Descriptor &descriptor : descriptors) {
		if (!descriptor.has_position)
			continue;
		std::optional<FdInfo> info = read_fd_info(dir, descriptor.number);
		if (!info)
			continue;
		uint64_t before = descriptor.is_position_unknown ? info->position : descriptor.position;
		uint64_t moved = info->position > before ? info->position - before : 0;
		descriptor.position = info->position;
		descriptor.is_position_unknown = false;
		if (descriptor.position != before || !descriptor.is_position_told)
			append_position(batch, process, descriptor, moved);
		descriptor.is_position_told = true;
		if (!moved)
			continue;
		if (!has_io) {
			left.add(io_.read(process), state.io_then);
			has_io = true;
		}
		uint32_t fmode = descriptor.object.fmode;
		if (!(fmode & 1 && left.read_bytes) && !(fmode & 2 && left.write_bytes))
			continue; // another process moved it
		FileCount &count = count_of(state.files, descriptor.object);
		Sharing::Answer answer = sharing_.ask(process, descriptor);
		if (answer == Sharing::Answer::alone)
			count_moved(process, descriptor, count, left, moved);
		else if (answer == Sharing::Answer::shared && !count.is_shared)
			count.is_shared = count.has_changed = true;
	}
	state.io_then = io_.total(process);
	append_counts(batch, process, state.files);
}

// Attributes a movement to the direction that explains it, up to what the process read or wrote.
void Positions::count_moved(const Process &process, const Descriptor &descriptor, FileCount &count, IoNumbers &left,
			    uint64_t moved)
{
	bool may_read = descriptor.object.fmode & 1 && left.read_bytes;
	bool may_write = descriptor.object.fmode & 2 && left.write_bytes;

	if (may_read && may_write) { // a direction gets the movement only if the other cannot explain it
		may_read = left.read_bytes >= moved;
		may_write = left.write_bytes >= moved;
	}
	if (may_read == may_write)
		return;
	uint64_t read_bytes = may_read ? take(left.read_bytes, moved) : 0;
	uint64_t write_bytes = may_write ? take(left.write_bytes, moved) : 0;
	count.read_bytes += read_bytes;
	count.write_bytes += write_bytes;
	count.has_changed = true;
	io_.give_to_file(process, read_bytes, write_bytes);
}

void Positions::append_counts(Batch &batch, const Process &process, std::vector<FileCount> &files)
{
	for (FileCount &count : files) {
		if (!count.has_changed)
			continue;
		count.has_changed = false;
		wire_io record{};
		record.head = process.record.head;
		record.slot = count.slot;
		record.dev = count.dev;
		record.ino = count.ino;
		record.gen = count.gen;
		record.mode = 0100000;
		record.flags = count.is_shared ? WIRE_IO_SHARED : 0;
		record.opens = count.opens;
		record.read_bytes = count.read_bytes;
		record.write_bytes = count.write_bytes;
		batch.append(WIRE_IO, record);
	}
}

} // namespace ebtop::proc
