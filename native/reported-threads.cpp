// SPDX-License-Identifier: GPL-2.0-only
#include "reported-threads.h"

#include <cstdio>
#include <cstring>

#include "clock.h"
#include "text-file.h"

namespace ebtop {

namespace {

uint64_t inner_key(uint32_t pid, uint32_t ns_tid)
{
	return uint64_t(pid) << 32 | ns_tid;
}

// Whether a thread waits outside of a system call: for a page, or as a kernel thread.
bool waits_in_kernel(const wire_thread &thread)
{
	return thread.nr == WIRE_NO_CALL && (thread.state == 'S' || thread.state == 'D' || thread.state == 'I');
}

// Compares all but the time.
bool is_same(const wire_thread &a, const wire_thread &b)
{
	constexpr size_t at = sizeof(wire_head);

	return a.head.pid == b.head.pid && a.head.start == b.head.start &&
	       !memcmp(reinterpret_cast<const char *>(&a) + at, reinterpret_cast<const char *>(&b) + at, sizeof(a) - at);
}

} // namespace

bool ReportedThreads::add_again(uint32_t tid, uint64_t pulse)
{
	auto known = last_.find(tid);

	if (known == last_.end() || known->second.pulse != pulse)
		return false;
	found_.push_back(known->second.record);
	return true;
}

// Only an existing thread is named: the word may be anything.
void ReportedThreads::resolve(wire_thread &thread)
{
	FutexWait found = futexes_.read(thread);
	auto inner = tids_.find(inner_key(thread.head.pid, found.value));
	uint32_t tid = inner != tids_.end() ? inner->second : found.value;
	auto owner = pids_.find(tid);

	thread.wait = WIRE_WAIT_PLAIN;
	thread.other_tid = thread.other_pid = 0;
	if (found.wait == WIRE_WAIT_PLAIN || owner == pids_.end() || tid == thread.tid)
		return;
	bool is_own = owner->second == thread.head.pid;
	if (!is_own && (!found.is_shared || thread.ns_tid != thread.tid))
		return;
	thread.wait = found.wait;
	thread.other_tid = tid;
	thread.other_pid = owner->second;
}

std::string ReportedThreads::wchan_of(const wire_thread &thread) const
{
	char path[48], buffer[128];

	if (!waits_in_kernel(thread))
		return {};
	snprintf(path, sizeof(path), "%u/task/%u/wchan", thread.head.pid, thread.tid);
	std::string_view text = read_once(proc_, path, buffer);
	return text == "0" ? std::string() : std::string(text);
}

void ReportedThreads::report(Batch &batch, const wire_thread &thread)
{
	auto [known, is_new] = last_.try_emplace(thread.tid);
	Last &last = known->second;

	is_new |= last.pass == 0; // only its pulse is known
	last.pass = pass_;
	if (!is_new && is_same(last.record, thread))
		return;
	last.record = thread;
	last.wchan = wchan_of(thread);
	wire_thread record = thread;
	record.wchan_len = last.wchan.size();
	batch.append(WIRE_THREAD, record, last.wchan);
}

void ReportedThreads::end_pass(Batch &batch, bool is_whole)
{
	pass_++;
	tids_.clear();
	pids_.clear();
	for (const wire_thread &thread : found_) {
		pids_[thread.tid] = thread.head.pid;
		if (thread.ns_tid != thread.tid)
			tids_[inner_key(thread.head.pid, thread.ns_tid)] = thread.tid;
	}
	for (wire_thread &thread : found_) {
		resolve(thread);
		report(batch, thread);
	}
	futexes_.close();
	found_.clear();
	if (!is_whole)
		return;
	for (auto at = last_.begin(); at != last_.end();) {
		Last &last = at->second;
		if (last.pass == pass_) {
			++at;
			continue;
		}
		last.record.head.time = boot_ns();
		last.record.state = 'X';
		if (last.pass)
			batch.append(WIRE_THREAD, last.record);
		at = last_.erase(at);
	}
}

void ReportedThreads::report_gone(Batch &batch)
{
	if (!last_.empty())
		end_pass(batch, true);
}

} // namespace ebtop
