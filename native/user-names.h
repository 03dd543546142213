// SPDX-License-Identifier: GPL-2.0-only
// Names of users, from the system's name services (files, LDAP, sssd …). Other threads do the lookups, since any of these
// may hang.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "batch.h"
#include "lookups.h"

namespace ebtop {

class UserNames {
public:
	UserNames();

	// A uid was seen. Its name is looked up once; if it has none, a few more times at growing intervals.
	void add(uint32_t uid);

	// Waits until all are answered, but not longer than `limit`.
	void wait(std::chrono::milliseconds limit);

	// Appends a WIRE_NAME for each name that arrived since the last call.
	void append(Batch &batch);

private:
	struct User {
		unsigned tries = 0;
		uint64_t again_ns = 0; // when to try again; 0: pending, known, or tried often enough
	};
	struct Answers;

	bool ask(uint32_t uid);
	void wait_to_ask(User &user, uint64_t now);
	void ask_again(uint64_t now);

	std::unordered_map<uint32_t, User> users_;
	std::shared_ptr<Answers> answers_;
	uint64_t next_ns_ = UINT64_MAX; // the earliest `again_ns`
	Lookups lookups_;
};

} // namespace ebtop
