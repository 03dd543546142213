// SPDX-License-Identifier: GPL-2.0-only
#include "early-opening.h"

#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "session.h"

namespace ebtop {
namespace {

struct Early {
	explicit Early(const SourceOptions &options) : options(options), thread([this] { open(); }) {}
	~Early()
	{
		if (thread.joinable())
			thread.join();
	}
	void open()
	{
		try {
			source = open_source(options);
		} catch (const SourceError &failed) {
			error = failed;
		}
	}

	const SourceOptions options;
	std::unique_ptr<Source> source;
	std::optional<SourceError> error;
	std::thread thread; // last: it uses the others
};

std::mutex mutex;
std::unique_ptr<Early> early; // if the program ends without it, its destructor waits

} // namespace

void open_early(const SourceOptions &options)
{
	std::lock_guard lock(mutex);

	try {
		if (!early)
			early = std::make_unique<Early>(options);
	} catch (const std::system_error &) { // no thread: it is opened when it is needed
	}
}

std::unique_ptr<Source> take_early(const SourceOptions &options)
{
	std::unique_ptr<Early> taken;
	{
		std::lock_guard lock(mutex);
		taken = std::move(early);
	}
	if (!taken)
		return nullptr;
	taken->thread.join();
	if (taken->options != options)
		return nullptr;
	if (taken->error)
		throw *taken->error;
	return std::move(taken->source);
}

} // namespace ebtop
