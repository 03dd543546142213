// SPDX-License-Identifier: GPL-2.0-only
#include "sysv-scan.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <vector>

#include "../own-namespace.h"
#include "../text-file.h"

namespace ebtop::proc {

namespace {

constexpr size_t max_table = 4 * 1024 * 1024;

// One row of a table in /proc/sysvipc, whose first line names the columns.
class Row {
public:
	explicit Row(std::string_view names) : names_(names) {}
	void set(std::string_view values) { values_ = values; }

	int64_t operator[](std::string_view name) const
	{
		Cursor names(names_);
		Cursor values(values_);
		for (std::string_view at = names.word(); !at.empty(); at = names.word()) {
			if (at == name)
				return values.signed_number();
			values.word();
		}
		return 0;
	}

private:
	std::string_view names_;
	std::string_view values_;
};

// False if it cannot be read.
template <class Each> bool each_row(int proc_dir, const char *path, Each each)
{
	std::string table = read_whole(proc_dir, path, max_table);
	std::string_view text(table);
	Row row(take_line(text));

	while (!text.empty()) {
		row.set(take_line(text));
		each(row);
	}
	return !table.empty();
}

wire_object object_of(wire_kind kind, uint32_t space, int64_t id, const Row &row)
{
	wire_object object{};
	uint32_t owner[2] = {uint32_t(row["uid"]), uint32_t(row["gid"])};
	uint32_t creator[2] = {uint32_t(row["cuid"]), uint32_t(row["cgid"])};

	object.slot = WIRE_NO_SLOT;
	object.dev = space;
	object.ino = id;
	object.gen = object.kind = kind;
	object.rdev = row["key"];
	memcpy(object.local, owner, sizeof(owner));
	memcpy(object.remote, creator, sizeof(creator));
	return object;
}

} // namespace

SysvScan::SysvScan(ProcessTable &processes, MapScan &maps, const CallSamples &calls)
	: processes_(processes), maps_(maps), calls_(calls), namespace_(own_namespace("ipc"))
{
}

void SysvScan::scan()
{
	seen_.clear();
	held_.release(processes_.released());
	skipped_ = {};
	bool is_whole = scan_queues() && scan_semaphores() && scan_memory();
	if (!is_whole)
		return; // what was not found may still exist
	for (const Process *process : processes_.wanted()) {
		Held &held = held_[*process];
		size_t gone = std::erase_if(held.objects, [this](const Descriptor &known) {
			return std::none_of(seen_.begin(), seen_.end(),
					    [&](const wire_object &object) { return is_same(object, known.object); });
		});
		held.has_changed |= gone > 0;
	}
}

bool SysvScan::scan_queues()
{
	return each_row(processes_.proc_dir(), "sysvipc/msg", [this](const Row &row) {
		wire_object object = object_of(WIRE_KIND_SYSV_MSG, namespace_, row["msqid"], row);
		seen_.push_back(object);
		use(processes_.find(row["lspid"]), object, 2);
		use(processes_.find(row["lrpid"]), object, 1);
		use_waiting(object, {SYS_msgsnd}, 2);
		use_waiting(object, {SYS_msgrcv}, 1);
	});
}

bool SysvScan::scan_semaphores()
{
	return each_row(processes_.proc_dir(), "sysvipc/sem", [this](const Row &row) {
		wire_object object = object_of(WIRE_KIND_SYSV_SEM, namespace_, row["semid"], row);
		seen_.push_back(object);
		uint32_t asked = skipped_.read_count_of(row["nsems"]);
		for (uint32_t i = 0; i < asked; i++)
			use(processes_.find(std::max(semctl(int(object.ino), int(i), GETPID), 0)), object, 3);
		use_waiting(object, {SYS_semop, SYS_semtimedop}, 3);
	});
}

// The processes that map a segment are known from maps; this table has its owner.
bool SysvScan::scan_memory()
{
	return each_row(processes_.proc_dir(), "sysvipc/shm", [this](const Row &row) {
		maps_.set_owners(object_of(WIRE_KIND_SYSV_SHM, namespace_, row["shmid"], row));
	});
}

void SysvScan::use_waiting(const wire_object &object, std::initializer_list<uint32_t> calls, uint32_t fmode)
{
	for (const Process *process : processes_.wanted()) {
		const CallSample *call = calls_.last(*process);
		bool is_waiting = call && call->abi == WIRE_ABI_NATIVE && call->arguments[0] == object.ino &&
				  std::find(calls.begin(), calls.end(), call->nr) != calls.end();
		if (is_waiting && process->record.ns_ipc == namespace_)
			use(process, object, fmode);
	}
}

void SysvScan::use(const Process *process, const wire_object &object, uint32_t fmode)
{
	if (!process || !processes_.is_wanted(*process))
		return;
	Held &held = held_[*process];
	auto known = std::find_if(held.objects.begin(), held.objects.end(),
				  [&](const Descriptor &other) { return is_same(other.object, object); });
	if (known == held.objects.end()) {
		known = held.objects.insert(known, Descriptor{});
		known->object = object;
		known->object.how = WIRE_HOW_HELD;
	}
	held.has_changed |= (known->object.fmode & fmode) != fmode;
	known->object.fmode |= fmode;
}

} // namespace ebtop::proc
