// SPDX-License-Identifier: GPL-2.0-only
#include "io-scan.h"

namespace ebtop::proc {

namespace {

// How many processes that used no CPU time are read in one scan; the others always are.
constexpr size_t idle_reads = 48;

} // namespace

void IoScan::scan()
{
	size_t budget = idle_reads;

	states_.release(processes_.released());
	for (const Process *process : processes_.wanted()) {
		State &state = states_[*process];
		if (!processes_.was_read(*process) || process->is_kernel_thread() || state.refusal.holds(*process))
			continue;
		// Processes whose first thread slept (the others may have run) take turns within the budget.
		bool is_due = process->has_run || !state.io.is_known();
		if (!is_due && (budget == 0 || !process->has_threads()))
			continue;
		budget -= !is_due;
		read(*process, state);
	}
}

const IoNumbers &IoScan::read(const Process &process)
{
	State &state = states_[process];

	read(process, state);
	return state.io.total();
}

void IoScan::read(const Process &process, State &state)
{
	bool counts_all = process.record.head.start >= processes_.began_ns();
	auto result = state.io.read(processes_.proc_dir(), process.pid(), process.has_threads(), counts_all);

	state.refusal.note(process, result == IoCounters::Result::denied);
}

void IoScan::give_to_file(const Process &process, uint64_t read_bytes, uint64_t write_bytes)
{
	State &state = states_[process];

	state.file_read_bytes += read_bytes;
	state.file_write_bytes += write_bytes;
}

void IoScan::append(Batch &batch)
{
	denied_ = 0;
	for (const Process *process : processes_.wanted()) {
		State &state = states_[*process];
		denied_ += state.refusal.holds(*process);
		append_disk_sum(batch, *process, state);
		append_rest(batch, *process, state);
	}
}

void IoScan::append_rest(Batch &batch, const Process &process, State &state)
{
	const IoNumbers &total = state.io.total();
	IoNumbers rest{.read_bytes = total.read_bytes - state.file_read_bytes,
		       .write_bytes = total.write_bytes - state.file_write_bytes,
		       .reads = total.reads,
		       .writes = total.writes};
	wire_spill record{};

	if (rest == state.sent)
		return;
	state.sent = rest;
	record.head = process.record.head;
	record.reads = rest.reads;
	record.writes = rest.writes;
	record.read_bytes = rest.read_bytes;
	record.write_bytes = rest.write_bytes;
	batch.append(WIRE_SPILL, record);
}

void IoScan::append_disk_sum(Batch &batch, const Process &process, State &state)
{
	const IoNumbers &total = state.io.total();
	std::pair<uint64_t, uint64_t> now{total.disk_read_bytes, total.disk_write_bytes};
	wire_disk_sum record{};

	if (!state.io.is_known() || state.disk_sent == now)
		return;
	state.disk_sent = now;
	record.head = process.record.head;
	record.read_bytes = now.first;
	record.write_bytes = now.second;
	batch.append(WIRE_DISK_SUM, record);
}

} // namespace ebtop::proc
