// SPDX-License-Identifier: GPL-2.0-only
#include "lookups.h"

#include <deque>
#include <mutex>
#include <sys/prctl.h>
#include <system_error>
#include <thread>

namespace ebtop {

struct Lookups::Shared {
	const size_t running_max, waiting_max;
	std::mutex mutex;
	std::deque<std::function<void()>> waiting;
	size_t running = 0;
};

Lookups::Lookups(size_t running_max, size_t waiting_max) : shared_(new Shared{running_max, waiting_max, {}, {}}) {}

Lookups::~Lookups()
{
	std::lock_guard lock(shared_->mutex);

	shared_->waiting.clear();
}

// A thread ends when no job waits: new threads are cheap, and most runs need none after the first second.
bool Lookups::ask(std::function<void()> job)
{
	std::lock_guard lock(shared_->mutex);

	if (shared_->waiting.size() >= shared_->waiting_max)
		return false;
	if (shared_->running < shared_->running_max) {
		try {
			std::thread(run, shared_).detach();
			shared_->running++;
		} catch (const std::system_error &) {
			if (!shared_->running)
				return false;
		}
	}
	shared_->waiting.push_back(std::move(job));
	return true;
}

void Lookups::run(const std::shared_ptr<Shared> &shared)
{
	std::unique_lock lock(shared->mutex);

	prctl(PR_SET_NAME, "ebtop-lookup");
	while (!shared->waiting.empty()) {
		std::function<void()> job = std::move(shared->waiting.front());
		shared->waiting.pop_front();
		lock.unlock();
		try {
			job();
		} catch (const std::exception &) { // out of memory: one answer is missing
		}
		job = nullptr;
		lock.lock();
	}
	shared->running--;
}

} // namespace ebtop
