// SPDX-License-Identifier: GPL-2.0-only
#include "call-samples.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "../clock.h"
#include "../text-file.h"

namespace ebtop::proc {

// "0 0x3 0x7f… … SP PC"; "-1 SP PC" if it waits outside of a call; "running".
CallSample parse_call(std::string_view text)
{
	CallSample sample;
	Cursor fields(text);
	uint64_t value = 0;

	if (text.empty() || text.front() < '0' || text.front() > '9')
		return sample;
	sample.nr = fields.number();
	for (int i = 0; i < 7; i++) { // six arguments and the stack pointer
		std::string_view word = fields.word();
		value = Cursor(word.substr(std::min<size_t>(word.size(), 2))).number(16);
		if (i < 3)
			sample.arguments[i] = value;
	}
	// No 64-bit program has its stack below 4 GiB.
	sample.abi = value && value >> 32 == 0 ? WIRE_ABI_COMPAT : WIRE_ABI_NATIVE;
	return sample;
}

void CallSamples::look(Batch &batch, bool is_shown)
{
	char path[32];
	char buffer[256];

	denied_ = 0;
	states_.release(processes_.released());
	for (const Process *process : processes_.wanted()) {
		State &state = states_[*process];
		bool is_refused = state.refusal.holds(*process);
		denied_ += is_refused;
		bool is_due = process->has_run || !state.looks;
		if (!is_due || is_refused || process->is_kernel_thread())
			continue;
		snprintf(path, sizeof(path), "%u/syscall", process->pid());
		std::string_view text = read_once(processes_.proc_dir(), path, buffer);
		if (text.empty()) {
			state.refusal.note(*process, errno == EPERM || errno == EACCES);
			denied_ += state.refusal.holds(*process);
			continue;
		}
		CallSample sample = parse_call(text);
		bool is_same = state.looks && sample.nr == state.sample.nr;
		state.sample = sample;
		state.looks = is_same ? state.looks + 1 : 1;
		if (!is_shown)
			continue;
		wire_sample record{};
		record.head = process->record.head;
		record.head.time = boot_ns();
		record.nr = sample.nr;
		record.abi = sample.abi;
		record.looks = state.looks;
		batch.append(WIRE_SAMPLE, record);
	}
}

} // namespace ebtop::proc
