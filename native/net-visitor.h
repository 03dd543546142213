// SPDX-License-Identifier: GPL-2.0-only
// Enters other network namespaces while the calling thread stays in its own. Its thread is started once and kept, since a
// later refresh may be unable to start one (a full pids cgroup, a fork bomb).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "owned-fd.h"

namespace ebtop {

class NetVisitor {
public:
	NetVisitor();
	~NetVisitor();
	NetVisitor(const NetVisitor &) = delete;
	NetVisitor &operator=(const NetVisitor &) = delete;

	struct Outcome {
		std::vector<uint32_t> denied; // processes whose namespaces may not be entered
		size_t asked = 0;	      // how many of the processes were visited, from the first on
		int error = 0;		      // errno if threads, descriptors or memory ran out. A later visit may succeed.
	};

	// Calls `in_each(pid)` on the other thread, in the network namespace of each of these processes. Returns when all
	// are done, or when `in_each` returns false (enough). Processes that are gone are skipped. Exceptions of `in_each`
	// are rethrown here.
	Outcome visit(const std::vector<uint32_t> &pids, const std::function<bool(uint32_t)> &in_each);

	// The thread's id; 0 while there is none.
	int tid() const;

private:
	bool start();
	void run();
	void visit_all();
	bool enter(uint32_t pid);

	std::thread thread_;
	mutable std::mutex mutex_;
	mutable std::condition_variable changed_;
	int tid_ = 0;
	bool is_running_ = false; // the thread waits for work or does it
	bool is_ending_ = false;
	OwnedFd own_; // its own namespace, to return to
	bool is_away_ = false;

	// The visit that is due or in progress.
	bool is_due_ = false;
	const std::vector<uint32_t> *pids_ = nullptr;
	const std::function<bool(uint32_t)> *in_each_ = nullptr;
	Outcome outcome_;
	std::exception_ptr thrown_;
};

// A sentence for a probe's health that says what could not be entered; empty if everything could be.
std::string about_networks(size_t denied, int error);

} // namespace ebtop
