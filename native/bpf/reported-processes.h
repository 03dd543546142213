// SPDX-License-Identifier: GPL-2.0-only
// The last record sent for each process: one that has not changed is not sent again.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "batch.h"
#include "same-state.h"

namespace ebtop::bpf {

class ReportedProcesses {
public:
	// The next pass sends all, changed or not.
	void forget() { is_due_for_all_ = true; }

	// An event reported its end. It is sent again only if the kernel still shows it, as a zombie.
	void on_exit(const wire_head &head) { last_.erase(head.pid); }

	void begin_pass() { pass_++; }

	// Appends the record if it has changed. Returns whether the process ran since the last pass.
	bool report(Batch &batch, const wire_process &process)
	{
		auto [known, is_new] = last_.try_emplace(process.head.pid);
		Last &last = known->second;
		bool is_due = is_due_for_all_ || is_new || !is_same_state(last.record, process);
		bool has_run = !is_new && last.record.cpu_ns != process.cpu_ns;

		last.pass = pass_;
		if (is_due) {
			last.record = process;
			batch.append(WIRE_PROCESS, process);
		}
		return has_run;
	}

	// Reports processes as gone that neither this full pass nor the one before found. Not at the first miss, because
	// the exit event may still come.
	void end_pass(Batch &batch, uint64_t now)
	{
		is_due_for_all_ = false;
		for (auto at = last_.begin(); at != last_.end();) {
			auto &[record, pass] = at->second;
			if (pass_ - pass <= 1) {
				++at;
				continue;
			}
			record.head.time = now;
			record.state = 'X';
			batch.append(WIRE_PROCESS, record);
			at = last_.erase(at);
		}
	}

private:
	struct Last {
		wire_process record;
		uint64_t pass;
	};

	std::unordered_map<uint32_t, Last> last_;
	uint64_t pass_ = 0;
	bool is_due_for_all_ = false;
};

} // namespace ebtop::bpf
