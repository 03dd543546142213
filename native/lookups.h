// SPDX-License-Identifier: GPL-2.0-only
// Runs what may never come back (name services, files that others make) on threads of its own, so that nobody waits for it.
// The threads are detached: one that hangs holds neither the session nor the end of the program.
#pragma once

#include <functional>
#include <memory>

namespace ebtop {

class Lookups {
public:
	// So many run at once, so many more wait.
	Lookups(size_t running_max, size_t waiting_max);
	~Lookups(); // what waits is dropped

	// Has `job` run later; it may outlive this object, so it owns all that it uses. False where too many wait or no thread
	// can be had; then it never runs.
	bool ask(std::function<void()> job);

private:
	struct Shared;

	static void run(const std::shared_ptr<Shared> &shared);

	std::shared_ptr<Shared> shared_;
};

} // namespace ebtop
