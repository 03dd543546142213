// SPDX-License-Identifier: GPL-2.0-only
#include "net-visitor.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace ebtop {

NetVisitor::NetVisitor()
{
	start(); // if that fails, each visit tries again
}

NetVisitor::~NetVisitor()
{
	{
		std::lock_guard lock(mutex_);
		is_ending_ = true;
	}
	changed_.notify_all();
	if (thread_.joinable())
		thread_.join();
}

bool NetVisitor::start()
{
	if (is_running_)
		return true;
	if (thread_.joinable()) // it could not return from a visit
		thread_.join();
	is_running_ = true;
	try {
		thread_ = std::thread(&NetVisitor::run, this);
	} catch (const std::system_error &error) {
		outcome_.error = error.code().value();
		is_running_ = false;
	}
	return is_running_;
}

NetVisitor::Outcome NetVisitor::visit(const std::vector<uint32_t> &pids, const std::function<bool(uint32_t)> &in_each)
{
	std::unique_lock lock(mutex_);

	outcome_ = {};
	if (pids.empty() || !start())
		return outcome_;
	pids_ = &pids;
	in_each_ = &in_each;
	thrown_ = nullptr;
	is_due_ = true;
	changed_.notify_all();
	changed_.wait(lock, [this] { return !is_due_; });
	if (thrown_)
		std::rethrow_exception(thrown_);
	return outcome_;
}

int NetVisitor::tid() const
{
	std::unique_lock lock(mutex_);

	changed_.wait(lock, [this] { return tid_ || !is_running_; });
	return tid_;
}

void NetVisitor::run()
{
	std::unique_lock lock(mutex_);

	tid_ = int(syscall(SYS_gettid));
	changed_.notify_all();
	prctl(PR_SET_NAME, "ebtop-visitor"); // pthread_setname_np() moved to another version of glibc in 2.34
	while (is_running_) {
		changed_.wait(lock, [this] { return is_due_ || is_ending_; });
		if (!is_due_)
			break;
		try {
			visit_all();
		} catch (...) {
			thrown_ = std::current_exception();
		}
		// A thread stuck in another namespace would keep a dead container's namespace alive. It ends, and a new one
		// starts in ebtop's own namespace.
		if (is_away_ && setns(own_.get(), CLONE_NEWNET) != 0) {
			outcome_.error = errno;
			is_running_ = false;
			tid_ = 0;
		}
		own_.reset();
		is_away_ = false;
		is_due_ = false;
		changed_.notify_all();
	}
}

void NetVisitor::visit_all()
{
	own_ = OwnedFd(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
	if (!own_.is_open())
		outcome_.error = errno;
	for (uint32_t pid : *pids_) {
		if (!own_.is_open())
			break;
		outcome_.asked++;
		if (enter(pid) && !(*in_each_)(pid))
			break;
	}
}

bool NetVisitor::enter(uint32_t pid)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%u/ns/net", pid);
	OwnedFd network(open(path, O_RDONLY | O_CLOEXEC));
	bool is_in = network.is_open() && setns(network.get(), CLONE_NEWNET) == 0;
	int error = errno;
	is_away_ |= is_in;
	if (is_in)
		return true;
	if (error == EPERM || error == EACCES)
		outcome_.denied.push_back(pid);
	else if (error != ENOENT && error != ESRCH)
		outcome_.error = error;
	return false;
}

std::string about_networks(size_t denied, int error)
{
	char text[192] = "";

	if (error)
		snprintf(text, sizeof(text), "Other network namespaces could not be read: %s.", strerror(error));
	else if (denied)
		snprintf(text, sizeof(text), "%zu network namespace%s may not be entered; that needs CAP_SYS_ADMIN.", denied,
			 denied == 1 ? "" : "s");
	return text;
}

} // namespace ebtop
