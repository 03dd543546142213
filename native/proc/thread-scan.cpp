// SPDX-License-Identifier: GPL-2.0-only
#include "thread-scan.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>

#include "../clock.h"
#include "../hash.h"
#include "../text-file.h"
#include "call-samples.h"
#include "directory.h"

namespace ebtop::proc {

namespace {

template <size_t N>
std::string_view read_of(int proc, const Process &process, uint32_t tid, const char *name, char (&buffer)[N])
{
	char path[64];

	snprintf(path, sizeof(path), "%u/task/%u/%s", process.pid(), tid, name);
	return read_once(proc, path, buffer);
}

} // namespace

void ThreadScan::scan(Batch &batch)
{
	char path[32];

	denied_ = 0;
	for (const Process *process : processes_.wanted()) {
		snprintf(path, sizeof(path), "%u/task", process->pid());
		OwnedFd dir(openat(processes_.proc_dir(), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
		if (!dir.is_open() || !list_numbers(dir.get(), tids_))
			continue;
		is_denied_ = false;
		for (uint32_t tid : tids_)
			look_at(*process, tid);
		denied_ += is_denied_;
	}
	reported_.end_pass(batch, true);
}

// schedstat: the time on a CPU, the time it waited for one, the number of turns.
void ThreadScan::look_at(const Process &process, uint32_t tid)
{
	char buffer[96];
	std::string_view schedstat = read_of(processes_.proc_dir(), process, tid, "schedstat", buffer);
	Cursor numbers(schedstat);
	uint64_t cpu_ns = numbers.number(), wait_ns = numbers.number(), pulse = cpu_ns ? hash_of(schedstat) : 0;
	wire_thread thread{};

	if (pulse && reported_.add_again(tid, pulse))
		return;
	thread.head = process.record.head;
	thread.head.time = boot_ns();
	thread.tid = thread.ns_tid = tid;
	thread.nr = WIRE_NO_CALL;
	if (!read_stat(process, tid, thread))
		return;
	if (cpu_ns) {
		thread.cpu_ns = cpu_ns;
		thread.wait_ns = wait_ns;
		thread.counted = WIRE_COUNTED_WAITS;
	}
	if (thread.state != 'R' && thread.state != 'Z' && !process.is_kernel_thread()) {
		read_call(process, thread);
		if (thread.nr != WIRE_NO_CALL)
			find_object(process, thread);
	}
	reported_.add(thread);
	reported_.note_pulse(tid, thread.state == 'R' ? 0 : pulse);
}

bool ThreadScan::read_stat(const Process &process, uint32_t tid, wire_thread &thread)
{
	char buffer[512];
	Process read;

	if (!parse_stat(read_of(processes_.proc_dir(), process, tid, "stat", buffer), read))
		return false;
	memcpy(thread.comm, read.record.comm, sizeof(thread.comm));
	thread.state = read.record.state;
	thread.born = read.record.head.start;
	thread.cpu_ns = read.record.cpu_ns;
	if (process.record.ns_tgid == process.pid())
		return true;
	char status[4096];
	std::string_view text = read_of(processes_.proc_dir(), process, tid, "status", status);
	size_t at = text.find("\nNSpid:");
	if (at == text.npos)
		return true;
	Cursor numbers(text.substr(at + 7)); // the innermost namespace comes last
	for (uint32_t number; (number = numbers.number()) != 0;)
		thread.ns_tid = number;
	return true;
}

void ThreadScan::read_call(const Process &process, wire_thread &thread)
{
	char buffer[256];
	std::string_view text = read_of(processes_.proc_dir(), process, thread.tid, "syscall", buffer);

	if (text.empty()) {
		is_denied_ |= errno == EPERM || errno == EACCES;
		return;
	}
	CallSample sample = parse_call(text);
	thread.nr = sample.nr;
	thread.abi = sample.abi;
	thread.argument = sample.arguments[0];
	thread.second_argument = sample.arguments[1];
	thread.third_argument = sample.arguments[2];
}

void ThreadScan::find_object(const Process &process, wire_thread &thread)
{
	if (thread.argument >> 31)
		return;
	for (const Descriptor &descriptor : fds_.of(process)) {
		if (descriptor.number != thread.argument)
			continue;
		thread.ino = descriptor.object.ino;
		thread.dev = descriptor.object.dev;
		thread.gen = descriptor.object.gen;
		thread.has_object = 1;
		return;
	}
}

} // namespace ebtop::proc
