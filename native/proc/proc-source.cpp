// SPDX-License-Identifier: GPL-2.0-only
#include "proc-source.h"

#include <utility>

#include "../system.h"
#include "connector.h"
#include "process-table.h"

namespace ebtop::proc {

namespace {

class ProcSource : public Source {
public:
	ProcSource(const SourceOptions &options, std::optional<std::string> reason)
		: options_(options), reason_(std::move(reason)), processes_(options_), connector_(processes_)
	{
		for (uint32_t pid : options_.pids)
			if (!processes_.look_up(pid))
				throw SourceError("EBTOP_USAGE", "There is no process " + std::to_string(pid) + ".");
	}

	void drain(Batch &batch) override { connector_.drain(batch); }

	void sweep(Batch &batch) override
	{
		drain(batch);
		processes_.pass(batch);
		append_probes(batch);
		system_.append(batch, connector_.is_on() ? std::optional(connector_.forks()) : std::nullopt,
			       connector_.execs());
		System::append_tick(batch);
	}

private:
	void append_probes(Batch &) {}

	const SourceOptions options_;
	const std::optional<std::string> reason_;
	ProcessTable processes_;
	Connector connector_;
	System system_;
};

} // namespace

std::unique_ptr<Source> open_source(const SourceOptions &options, std::optional<std::string> reason)
{
	return std::make_unique<ProcSource>(options, std::move(reason));
}

} // namespace ebtop::proc
