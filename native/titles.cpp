// SPDX-License-Identifier: GPL-2.0-only
#include "titles.h"

#include <cstdio>

#include "clock.h"
#include "hash.h"
#include "program-text.h"
#include "text-file.h"

namespace ebtop {

namespace {

constexpr uint64_t interval_ns = 2 * second; // between two reads for one process
constexpr uint64_t budget_ns = ms;	     // in one refresh, about 200 reads
constexpr size_t titles_max = 65536;	     // beyond it all are dropped, and sent again when they run

} // namespace

Titles::Title &Titles::title_of(const wire_head &head)
{
	if (titles_.size() >= titles_max)
		titles_.clear();
	Title &title = titles_[head.pid];
	if (title.start != head.start)
		title = {.start = head.start};
	return title;
}

void Titles::on_args(const wire_head &head, std::string_view text)
{
	if (no_args_)
		return;
	Title &title = title_of(head);
	title.hash = hash_of(text.substr(0, WIRE_ARGS_CHUNK)); // as much as read() compares
	title.read_ns = boot_ns();
}

void Titles::on_awake(const wire_head &head)
{
	if (no_args_)
		return;
	Title &title = title_of(head);
	if (!title.is_waiting)
		waiting_.push_back(head.pid);
	title.is_waiting = true;
}

void Titles::append(Batch &batch)
{
	uint64_t now = boot_ns();
	uint64_t end = now + budget_ns;

	left_.clear();
	for (uint32_t pid : waiting_) {
		auto title = titles_.find(pid);
		if (title == titles_.end())
			continue;
		if (title->second.read_ns + interval_ns > now || boot_ns() > end)
			left_.push_back(pid);
		else
			read(batch, pid, title->second);
	}
	waiting_.swap(left_);
}

void Titles::read(Batch &batch, uint32_t pid, Title &title)
{
	char path[32], buffer[WIRE_ARGS_CHUNK];

	title.is_waiting = false;
	title.read_ns = boot_ns();
	snprintf(path, sizeof(path), "%u/cmdline", pid);
	std::string_view text = read_once(proc_, path, buffer);
	uint64_t hash = hash_of(text);
	if (text.empty() || hash == title.hash)
		return;
	wire_head head{};
	head.pid = pid;
	head.start = title.start;
	head.time = title.read_ns;
	if (!has_started_at(proc_, pid, title.start))
		return; // the pid was reused
	title.hash = hash;
	append_args(batch, proc_, head);
}

} // namespace ebtop
