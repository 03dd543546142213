// SPDX-License-Identifier: GPL-2.0-only
#include "user-names.h"

#include <algorithm>
#include <mutex>
#include <pwd.h>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <utility>
#include <vector>

#include "clock.h"

namespace ebtop {

namespace {

constexpr size_t users_max = 65536; // beyond it all are dropped, and looked up again when they are seen
constexpr size_t running_max = 2;
constexpr size_t waiting_max = 4096;
constexpr off_t passwd_max = 64 << 20;
// The time between tries if a uid has no name.
constexpr uint64_t pauses_ns[] = {5'000'000'000, 30'000'000'000, 300'000'000'000};

// glibc reads the file to its end, and a device has no end. If it is missing, other name services are used.
bool is_passwd_readable()
{
	struct stat file;

	return stat("/etc/passwd", &file) != 0 || (S_ISREG(file.st_mode) && file.st_size <= passwd_max);
}

// Empty if there is none.
std::string name_of(uint32_t uid)
{
	char buffer[16 * 1024];
	passwd entry;
	passwd *found = nullptr;

	if (!is_passwd_readable() || getpwuid_r(uid, &entry, buffer, sizeof(buffer), &found) != 0 || !found)
		return {};
	return found->pw_name;
}

} // namespace

struct UserNames::Answers {
	std::mutex mutex;
	size_t due = 0;
	std::vector<std::pair<uint32_t, std::string>> found;
};

UserNames::UserNames() : answers_(new Answers), lookups_(running_max, waiting_max) {}

void UserNames::add(uint32_t uid)
{
	if (users_.contains(uid))
		return;
	if (users_.size() >= users_max)
		users_.clear();
	if (ask(uid)) // otherwise it is tried when the uid is seen again
		users_[uid].tries = 1;
}

bool UserNames::ask(uint32_t uid)
{
	std::unique_lock lock(answers_->mutex);

	answers_->due++;
	lock.unlock();
	bool is_asked = lookups_.ask([uid, answers = answers_] {
		std::string name = name_of(uid);
		std::lock_guard lock(answers->mutex);
		answers->found.emplace_back(uid, std::move(name));
		answers->due--;
	});
	lock.lock();
	answers_->due -= !is_asked;
	return is_asked;
}

// Polls: a condition variable that waits on the steady clock needs glibc 2.30.
void UserNames::wait(std::chrono::milliseconds limit)
{
	auto end = std::chrono::steady_clock::now() + limit;
	auto is_due = [this] {
		std::lock_guard lock(answers_->mutex);
		return answers_->due != 0;
	};

	while (is_due() && std::chrono::steady_clock::now() < end)
		std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void UserNames::append(Batch &batch)
{
	std::vector<std::pair<uint32_t, std::string>> found;
	uint64_t now = boot_ns();

	{
		std::lock_guard lock(answers_->mutex);
		found.swap(answers_->found);
	}
	for (auto &[uid, name] : found) {
		if (name.empty()) {
			wait_to_ask(users_[uid], now);
			continue;
		}
		wire_name record{};
		record.head.time = now;
		record.id = uid;
		record.kind = WIRE_NAME_USER;
		record.len = name.size();
		batch.append(WIRE_NAME, record, name);
	}
	if (now >= next_ns_)
		ask_again(now);
}

void UserNames::wait_to_ask(User &user, uint64_t now)
{
	size_t pauses = std::max(user.tries, 1u) - 1;

	if (pauses >= std::size(pauses_ns))
		return;
	user.again_ns = now + pauses_ns[pauses];
	next_ns_ = std::min(next_ns_, user.again_ns);
}

void UserNames::ask_again(uint64_t now)
{
	next_ns_ = UINT64_MAX;
	for (auto &[uid, user] : users_) {
		if (user.again_ns && user.again_ns <= now && ask(uid)) {
			user.again_ns = 0;
			user.tries++;
		}
		if (user.again_ns)
			next_ns_ = std::min(next_ns_, user.again_ns);
	}
}

} // namespace ebtop
