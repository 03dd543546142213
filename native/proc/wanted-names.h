// SPDX-License-Identifier: GPL-2.0-only
// The processes that --pid and --comm name; their descendants are wanted too.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "../comm-glob.h"
#include "../source.h"
#include "process.h"

namespace ebtop::proc {

class WantedNames {
public:
	WantedNames(const SourceOptions &options, uint64_t began_ns)
		: has_comm_(!options.comm.empty()), glob_(options.comm), pids_(options.pids.begin(), options.pids.end()),
		  began_ns_(began_ns)
	{
	}

	bool are_all() const { return !has_comm_ && pids_.empty(); }

	bool match(const Process &process) const
	{
		if (has_comm_ && glob_.matches(process.record.comm))
			return true;
		// A later process with the same pid is not wanted.
		return process.record.head.start <= began_ns_ && pids_.contains(process.pid());
	}

private:
	const bool has_comm_;
	const CommGlob glob_;
	const std::unordered_set<uint32_t> pids_;
	const uint64_t began_ns_;
};

} // namespace ebtop::proc
