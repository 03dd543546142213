// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/parallel-load.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/sysinfo.h>
#include <system_error>
#include <utility>

// The linker redirects libbpf's calls here (--wrap).
extern "C" {

int __real_bpf_prog_load(bpf_prog_type type, const char *name, const char *license, const bpf_insn *code, size_t count,
			 bpf_prog_load_opts *options);

// Programs without a name are libbpf's tests of what the kernel can do. An array of descriptors (for functions of modules)
// does not stay long enough.
int __wrap_bpf_prog_load(bpf_prog_type type, const char *name, const char *license, const bpf_insn *code, size_t count,
			 bpf_prog_load_opts *options)
{
	using ebtop::bpf::ParallelLoad;
	ParallelLoad *load = ParallelLoad::current();

	if (!load || !name || !options || options->sz > sizeof(*options) || options->log_buf || options->fd_array)
		return __real_bpf_prog_load(type, name, license, code, count, options);
	ParallelLoad::Job job = {type, name, license, code, count, {}, -1, {}, 0};
	memcpy(&job.options, options, options->sz);
	return load->add(std::move(job));
}

} // extern "C"

namespace ebtop::bpf {
namespace {

thread_local ParallelLoad *on_this_thread = nullptr;

constexpr int most_threads = 8;

} // namespace

ParallelLoad::ParallelLoad()
{
	if (getenv("EBTOP_DEBUG"))
		return;
	on_this_thread = this;
	try {
		for (int i = 1; i < std::min(get_nprocs(), most_threads); i++)
			workers_.emplace_back([this] { work(); });
	} catch (const std::system_error &) { // no more threads: those that there are do it
	}
}

ParallelLoad::~ParallelLoad()
{
	wait();
}

ParallelLoad *ParallelLoad::current()
{
	return on_this_thread;
}

int ParallelLoad::add(Job job)
{
	int place = job.place = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (place < 0)
		return -errno;
	std::lock_guard lock(mutex_);
	jobs_.push_back(std::move(job)); // which moves none of the others
	changed_.notify_one();
	return place;
}

void ParallelLoad::work()
{
	std::unique_lock lock(mutex_);

	for (;;) {
		changed_.wait(lock, [this] { return is_complete_ || begun_ < jobs_.size(); });
		if (begun_ == jobs_.size())
			return;
		Job &job = jobs_[begun_++];
		lock.unlock();
		int fd = __real_bpf_prog_load(job.type, job.name, job.license, job.code, job.count, &job.options);
		job.loaded = OwnedFd(fd);
		job.error = fd < 0 ? -fd : 0;
		lock.lock();
	}
}

void ParallelLoad::wait()
{
	on_this_thread = nullptr;
	{
		std::lock_guard lock(mutex_);
		is_complete_ = true;
	}
	changed_.notify_all();
	work();
	for (std::thread &worker : workers_)
		worker.join();
	workers_.clear();
}

std::vector<ParallelLoad::Refusal> ParallelLoad::finish(bool is_success)
{
	std::vector<Refusal> refused;

	wait();
	for (Job &job : jobs_) {
		if (job.loaded.is_open() && is_success && dup3(job.loaded.get(), job.place, O_CLOEXEC) < 0)
			job.error = errno;
		job.loaded.reset();
		if (job.error)
			refused.push_back({job.name, job.error});
	}
	return refused;
}

} // namespace ebtop::bpf
