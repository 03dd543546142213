// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/spill.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>
#include <vector>

#include "ebtop.skel.h"

namespace ebtop::bpf {

void Spill::configure(ebtop_bpf &object, const SourceOptions &options)
{
	object.rodata->spill_capacity = options.spill_capacity;
	bpf_map__set_max_entries(object.maps.spill, options.spill_capacity + 1);
}

Spill::Spill(const ebtop_bpf &object, Shares &shares) : map_fd_(bpf_map__fd(object.maps.spill)), shares_(shares)
{
	const spill_key key{};
	const spill_value value{};

	if (bpf_map_update_elem(map_fd_, &key, &value, BPF_ANY))
		throw SourceError("EBTOP_FAILED", std::string("A counter table cannot be written: ") + strerror(errno) + ".");
}

void Spill::sweep(const Sweep &sweep)
{
	constexpr uint32_t step = 1024;
	std::vector<spill_key> keys(step);
	std::vector<spill_value> values(step);
	uint32_t position = 0;
	bool is_first = true;
	int error;

	do {
		uint32_t count = step;
		error = bpf_map_lookup_batch(map_fd_, is_first ? nullptr : &position, &position, keys.data(), values.data(),
					     &count, nullptr);
		if (error && errno != ENOENT)
			return;
		is_first = false;
		for (uint32_t i = 0; i < count; i++)
			report(sweep, keys[i], values[i]);
	} while (!error);
}

void Spill::report(const Sweep &sweep, const spill_key &key, const spill_value &value)
{
	bool has_exited = key.pid && sweep.exited.contains(key.pid, key.start);
	if (sweep.is_only_exited && !has_exited)
		return;
	uint64_t sum = value.calls + value.errors + value.reads + value.writes + value.read_bytes + value.write_bytes +
		       value.disk_read_bytes + value.disk_write_bytes;
	if (!sum && !has_exited)
		return; // just created, or without an owner
	uint64_t &sent = sent_[{key.pid, key.start}];
	if (sum != sent) {
		wire_spill record = sweep.record_of<wire_spill>(key.pid, key.start);
		record.calls = value.calls;
		record.errors = value.errors;
		record.reads = value.reads;
		record.writes = value.writes;
		record.read_bytes = value.read_bytes;
		record.write_bytes = value.write_bytes;
		record.disk_read_bytes = value.disk_read_bytes;
		record.disk_write_bytes = value.disk_write_bytes;
		sweep.batch.append(WIRE_SPILL, record);
		sent = sum;
	}
	if (has_exited) {
		bpf_map_delete_elem(map_fd_, &key);
		shares_.give_back(TABLE_SPILL, value.share);
		sent_.erase({key.pid, key.start});
	}
}

} // namespace ebtop::bpf
