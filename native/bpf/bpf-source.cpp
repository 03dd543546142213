// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/bpf-source.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <vector>

#include "bpf/features.h"
#include "bpf/probe-table.h"
#include "bpf/task-pass.h"
#include "clock.h"
#include "ebtop.skel.h"
#include "system.h"

namespace ebtop::bpf {
namespace {

struct Skeleton {
	ebtop_bpf *object;
	~Skeleton() { ebtop_bpf::destroy(object); }
};

struct Attached {
	const ProbeRow *row;
	std::string reason; // why not better, or why off
	bpf_link *link;     // null: off
};

class BpfSource : public Source {
public:
	explicit BpfSource(const SourceOptions &options) : options_(options), skeleton_{open()}
	{
		choose();
		load();
		attach();
	}

	~BpfSource() override
	{
		ring_buffer__free(ring_);
		for (Attached &probe : probes_)
			bpf_link__destroy(probe.link);
	}

	void drain(Batch &batch) override
	{
		drain_ring(batch);
		syscalls_->sweep(batch, boot_ns(), departed_, true);
		departed_.clear();
	}

	void sweep(Batch &batch) override
	{
		append_pass(batch, WIRE_PASS_PROCESSES, false);
		tasks_->run(batch);
		append_pass(batch, WIRE_PASS_PROCESSES, true);
		drain_ring(batch);
		syscalls_->sweep(batch, boot_ns(), departed_, false);
		departed_.clear();
		append_health(batch);
		system_.append(batch, bpf::load(skeleton_.object->bss->forks), bpf::load(skeleton_.object->bss->execs));
		System::append_tick(batch);
	}

private:
	ebtop_bpf *open();
	void choose();
	void load();
	void attach();
	void drain_ring(Batch &batch);
	void append_health(Batch &batch);
	static void append_pass(Batch &batch, wire_pass_kind kind, bool is_end);
	static int on_record(void *self, void *record, size_t size);

	SourceOptions options_;
	Features features_;
	Skeleton skeleton_;
	std::vector<Attached> probes_;
	ring_buffer *ring_ = nullptr;
	std::unique_ptr<SyscallCounters> syscalls_;
	std::unique_ptr<TaskPass> tasks_;
	Departed departed_;
	Batch *batch_ = nullptr; // the one that is being filled
	System system_;
};

ebtop_bpf *BpfSource::open()
{
	libbpf_set_print(nullptr);
	ebtop_bpf *object = ebtop_bpf::open();
	if (!object)
		throw SourceError("EBTOP_FAILED", "The BPF object cannot be read; build ebtop again.");
	object->rodata->have_cast = features_.has_rdonly_cast;
	object->rodata->syscall_mask = options_.syscall_capacity - 1;
	bpf_map__set_max_entries(object->maps.syscall_table, options_.syscall_capacity);
	bpf_map__set_max_entries(object->maps.syscall_occupied, options_.syscall_capacity / 64);
	bpf_map__set_max_entries(object->maps.ring, options_.ring_bytes);
	return object;
}

// The first variant of each probe that this kernel can do, of those that a wanted concern needs.
void BpfSource::choose()
{
	bpf_program *program;
	bpf_object__for_each_program(program, skeleton_.object->obj)
		if (bpf_program__type(program) != BPF_PROG_TYPE_TRACING || bpf_program__expected_attach_type(program) != BPF_TRACE_ITER)
			bpf_program__set_autoload(program, false);
	std::string reason;
	for (const ProbeRow &row : probe_table()) {
		if (!(row.concerns & options_.concerns))
			continue;
		if (!probes_.empty() && std::string(probes_.back().row->probe) == row.probe)
			continue;
		reason = row.why_not(features_, options_);
		if (!reason.empty())
			continue;
		program = bpf_object__find_program_by_name(skeleton_.object->obj, row.program);
		bpf_program__set_autoload(program, true);
		probes_.push_back({&row, reason, nullptr});
	}
}

void BpfSource::load()
{
	if (int error = ebtop_bpf::load(skeleton_.object))
		throw SourceError("EBTOP_UNSUPPORTED", std::string("The kernel refuses ebtop's BPF programs: ") + strerror(-error) +
							       "; run ebtop --probes to see which.");
}

void BpfSource::attach()
{
	auto &maps = skeleton_.object->maps;
	ring_ = ring_buffer__new(bpf_map__fd(maps.ring), on_record, this, nullptr);
	if (!ring_)
		throw SourceError("EBTOP_FAILED", "The ring buffer cannot be mapped; free some memory and start again.");
	syscalls_ = std::make_unique<SyscallCounters>(bpf_map__fd(maps.syscall_table), bpf_map__fd(maps.syscall_occupied),
						      options_.syscall_capacity);
	tasks_ = std::make_unique<TaskPass>(skeleton_.object->progs.ebtop_tasks);
	for (Attached &probe : probes_) {
		bpf_program *program = bpf_object__find_program_by_name(skeleton_.object->obj, probe.row->program);
		probe.link = bpf_program__attach(program);
		if (!probe.link)
			probe.reason = std::string("It cannot be attached: ") + strerror(errno) + ".";
	}
}

int BpfSource::on_record(void *self, void *record, size_t size)
{
	auto *source = static_cast<BpfSource *>(self);
	auto *head = static_cast<const wire_head *>(record);
	if (head->type == WIRE_EXIT)
		source->departed_.insert({head->pid, head->start});
	source->batch_->append_raw(record, size);
	return 0;
}

void BpfSource::drain_ring(Batch &batch)
{
	batch_ = &batch;
	ring_buffer__consume(ring_);
	batch_ = nullptr;
}

void BpfSource::append_health(Batch &batch)
{
	for (const Attached &probe : probes_) {
		wire_probe record{};
		strncpy(record.probe, probe.row->probe, sizeof(record.probe) - 1);
		strncpy(record.variant, probe.row->variant, sizeof(record.variant) - 1);
		record.state = !probe.link ? WIRE_PROBE_OFF : probe.row->is_fallback ? WIRE_PROBE_FALLBACK : WIRE_PROBE_ON;
		record.lost = bpf::load(skeleton_.object->bss->lost[probe.row->id]);
		record.reason_len = probe.reason.size();
		batch.append(WIRE_PROBE, record, probe.reason);
	}
	wire_map record{};
	strcpy(record.map, "syscall");
	record.used = syscalls_->used();
	record.capacity = syscalls_->capacity();
	batch.append(WIRE_MAP, record);
}

void BpfSource::append_pass(Batch &batch, wire_pass_kind kind, bool is_end)
{
	wire_pass record{};
	record.head.time = boot_ns();
	record.kind = kind;
	record.is_end = is_end;
	batch.append(WIRE_PASS, record);
}

} // namespace

std::unique_ptr<Source> open_source(const SourceOptions &options)
{
	return std::make_unique<BpfSource>(options);
}

} // namespace ebtop::bpf
