// SPDX-License-Identifier: GPL-2.0-only
// Runs jobs that may never return (name services, files of other users) on separate threads, so that nothing waits for
// them. The threads are detached: one that hangs delays neither the session nor the end of the program.
#pragma once

#include <functional>
#include <memory>

namespace ebtop {

class Lookups {
public:
	// How many jobs run at once, and how many more wait.
	Lookups(size_t running_max, size_t waiting_max);
	~Lookups(); // jobs that still wait are dropped

	// Runs `job` later. It may outlive this object, so it must own all that it uses. Returns false if too many wait or
	// no thread can be started; then the job never runs.
	bool ask(std::function<void()> job);

private:
	struct Shared;

	static void run(const std::shared_ptr<Shared> &shared);

	std::shared_ptr<Shared> shared_;
};

} // namespace ebtop
